/**
 * Says what a test file does that is about to run out of time. Node's runner says only that it did, and prints none of
 * its results where all its tests are synchronous: they are written when the event loop turns.
 */
import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

const INTERVAL = 2_000;
/** Milliseconds for a debugger's answer: who gives none runs no JavaScript. */
const PATIENCE = 5_000;

/**
 * Looks at the processes that a runner has started, and calls `say` with a text for each that lives longer than so many
 * seconds. By Linux's /proc; elsewhere it sees none. Returns what ends it.
 */
export function watch(runner, seconds, say) {
  const since = new Map();
  const look = () => {
    const now = performance.now();
    for (const pid of childrenOf(runner)) {
      const first = since.get(pid) ?? now;
      since.set(pid, first);
      if (now - first < seconds * 1000) continue;
      since.set(pid, Infinity);
      void describe(pid).then(say);
    }
  };
  const timer = setInterval(look, Math.min(INTERVAL, seconds * 250));
  return () => clearInterval(timer);
}

/** Ids of the processes that it has started. */
export function childrenOf(pid) {
  return (read(`/proc/${pid}/task/${pid}/children`) ?? "").split(" ").filter(Boolean);
}

async function describe(pid) {
  const file = read(`/proc/${pid}/cmdline`)?.split("\0").findLast(Boolean);
  const threads = threadsOf(pid).join("\n");
  return `about to time out: ${file}, process ${pid}\n${threads}\n${await stackOf(pid)}`;
}

/** Each with its state (R: it runs, S: it waits), seconds of processor time, and what it waits for in the kernel. */
function threadsOf(pid) {
  const folder = `/proc/${pid}/task`;
  let ids;
  try {
    ids = readdirSync(folder);
  } catch {
    return ["it has ended"];
  }
  return ids.map((id) => {
    const [, name, rest = ""] = /\((.*)\) (.*)/s.exec(read(`${folder}/${id}/stat`) ?? "") ?? [];
    const fields = rest.split(" ");
    // proc_pid_stat(5): ticks of a hundredth of a second.
    const time = (Number(fields[11]) + Number(fields[12])) / 100;
    return `  thread ${id} ${name} ${fields[0]} ${time} s ${read(`${folder}/${id}/wchan`) ?? ""}`;
  });
}

/** JavaScript's, by Node's own debugger: its signal and its protocol reach a loop that never ends, too. */
function stackOf(pid) {
  const steps = [
    [/debug> $/, "pause"],
    // Its port is always the same, and may be another process's.
    [/break in [^]*debug> $/, "exec process.pid"],
    [new RegExp(`\\b${pid}\\b[^]*debug> $`), "bt"],
    [/#0 [^]*debug> $/, ".exit"],
  ];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["inspect", "-p", pid], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    const timer = setTimeout(() => child.kill(), PATIENCE);
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (more) => {
      text += more;
      if (!steps[0]?.[0].test(text)) return;
      const [[, command]] = steps;
      steps.shift();
      if (steps.length > 0) text = "";
      child.stdin.write(`${command}\n`);
    });
    child.stdin.on("error", () => undefined);
    child.on("close", () => {
      clearTimeout(timer);
      const isWhole = steps.length === 0;
      resolve(isWhole ? text.slice(text.indexOf("#0 ")).replace(/\s*debug> $/, "") : NO_STACK);
    });
  });
}

const NO_STACK = "no JavaScript runs in it that a debugger could stop";

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
