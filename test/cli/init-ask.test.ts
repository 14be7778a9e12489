/** `rolegate init` on a terminal: it asks, says what is wrong with an answer, and writes nothing when it is cancelled. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { program } from "./run.ts";

const folder = temporaryFolder("init-ask");
after(() => folder.remove());

const PATIENCE = 60_000;
const ENTER = "\r";
const CTRL_C = "\u0003";
const CTRL_U = "\u0015";

type Answer = [shown: string, typed: string];

/** The first provider, a realm of it, and a client. */
const KEYCLOAK: Answer[] = [
  ["Which provider is it?", ENTER],
  ["Who issues tokens?", `https://sso.example.com/realms/main${ENTER}`],
  ["client id", `app${ENTER}`],
];

/** Types each answer when what is before it has been shown; `script` is the terminal. */
async function dialogue(
  answers: Answer[],
  columns = 100,
  env: Record<string, string> = {},
): Promise<{ code: number; text: string }> {
  const command = `stty cols ${columns} rows 40; '${process.execPath}' '${program}' init --offline`;
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: folder.path,
    env: { PATH: process.env.PATH ?? "", TERM: "xterm", HOME: "/nonexistent", ...env },
  });
  let text = "";
  let from = 0;
  const left = [...answers];
  const ended = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? -1)));
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "");
    for (let next = left[0]; next && text.indexOf(next[0], from) >= 0; next = left[0]) {
      from = text.indexOf(next[0], from) + next[0].length;
      left.shift();
      const { [1]: typed } = next;
      setTimeout(() => child.stdin.write(typed), 100);
    }
  });
  const code = await ended;
  clearTimeout(timer);
  assert.deepEqual(left, [], text);
  return { code, text };
}

test("Ctrl-C at a question: nothing is written", async () => {
  const { code, text } = await dialogue([
    ["How is Traefik configured?", ENTER],
    ["Which provider is it?", ENTER],
    ["Who issues tokens?", CTRL_C],
  ]);
  assert.equal(code, 130);
  assert.match(text, /nothing was written/);
  assert.deepEqual(readdirSync(folder.path), []);
});

test("answers that cannot be right are asked for again, and then it writes", async () => {
  const { code, text } = await dialogue([
    ["How is Traefik configured?", ENTER],
    ...KEYCLOAK,
    ["do browsers see it?", `http://app.example.com${ENTER}`],
    ["is not https", `${CTRL_U}https://app.example.com${ENTER}`],
    ["Where does it listen", `http://127.0.0.1:4200${ENTER}`],
    ["Who may do what", ENTER],
    ["How many Traefiks", `${CTRL_U}two${ENTER}`],
    ["is no number", `${CTRL_U}1${ENTER}`],
  ]);
  assert.equal(code, 0, text);
  const dynamic = readFileSync(join(folder.path, "dynamic.yml"), "utf8");
  assert.match(dynamic, /publicUrl: https:\/\/app\.example\.com\n/);
  assert.match(text, /redirect URI +https:\/\/app\.example\.com\/oidc\/callback/);
});

test("of several Traefiks it asks for what they share", async () => {
  const { code, text } = await dialogue([
    // The third: resources in Kubernetes.
    ["How is Traefik configured?", `\u001b[B\u001b[B${ENTER}`],
    ...KEYCLOAK,
    ["do browsers see it?", `https://app.example.com${ENTER}`],
    ["Where does it listen", `http://app:4200${ENTER}`],
    ["Who may do what", ENTER],
    ["How many Traefiks", `${CTRL_U}3${ENTER}`],
    // A folder is not among what is offered there, and refused.
    ["Which engine do they share?", `folder${ENTER}`],
    ["have no folder in common", CTRL_C],
  ]);
  assert.equal(code, 130, text);
  assert.doesNotMatch(text, /or folder/);
});

test("of several Traefiks beside files it asks for an engine or a folder", async () => {
  const { code, text } = await dialogue([
    ["How is Traefik configured?", ENTER],
    ...KEYCLOAK,
    ["do browsers see it?", `https://app.example.com${ENTER}`],
    ["Where does it listen", `http://app:4200${ENTER}`],
    ["Who may do what", ENTER],
    ["How many Traefiks", `${CTRL_U}3${ENTER}`],
    ["Which engine or folder", CTRL_C],
  ]);
  assert.equal(code, 130, text);
});

test("a provider that is named is asked for nothing that its row says", async () => {
  const { code, text } = await dialogue([
    ["How is Traefik configured?", ENTER],
    [
      "Which provider is it?",
      `\u001b[A\u001b[A\u001b[A\u001b[A\u001b[A\u001b[A\u001b[A\u001b[A${ENTER}`,
    ],
    ["client id", CTRL_C],
  ]);
  assert.equal(code, 130);
  assert.match(text, /Google/);
  assert.doesNotMatch(text, /Who issues tokens/);
});

test("a terminal without columns is taken for one of 80, or of as many as COLUMNS says", async () => {
  for (const env of [{}, { COLUMNS: "120" }] as Record<string, string>[]) {
    const { code, text } = await dialogue(
      [
        ["How is Traefik configured?", ENTER],
        ["Which provider is it?", ENTER],
        ["Who issues tokens?", CTRL_C],
      ],
      0,
      env,
    );
    assert.equal(code, 130, text);
  }
});
