/** Decisions out of lines of every form that they come in, and out of no line that a client could have written. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readLine } from "../../src/cli/audit/line.ts";
import { fixtures } from "./run.ts";

const linesOf = (name: string) =>
  readFileSync(join(fixtures, "audit", name), "utf8")
    .split("\n")
    .slice(0, -1);
const read = (lines: string[]) => lines.map(readLine);
const decisions = (lines: string[]) => read(lines).filter((it) => typeof it === "object");

const JSON_LINES = linesOf("prefect.json.log");
const COMMON_LINES = linesOf("traefik.log");
const own = (lines: string[]) => lines.find((it) => it.includes("run_deployments"))!;

/** What stands around Traefik's lines, by where they come from. */
const WRAPPERS: Record<string, (line: string) => string> = {
  "a file, or docker logs": (line) => line,
  "a file from Windows": (line) => `${line}\r`,
  "docker logs -t": (line) => `2026-11-29T18:00:05.123456789Z ${line}`,
  "docker compose logs": (line) => `traefik-1  | ${line}`,
  "docker compose logs -t": (line) => `traefik-1  | 2026-11-29T18:00:05.123456789Z ${line}`,
  "kubectl logs --prefix": (line) => `[pod/traefik-7d9c/traefik] ${line}`,
  "kubectl logs --timestamps": (line) => `2026-11-29T18:00:05.123456789Z ${line}`,
  journald: (line) => `Nov  9 18:00:05 host traefik[812]: ${line}`,
  "Docker's own file": (line) =>
    JSON.stringify({ log: `${line}\n`, stream: "stdout", time: "2026-11-29T18:00:05.1Z" }),
};

describe("forms", () => {
  test("both of Traefik's formats say the same", () => {
    const said = [JSON_LINES, COMMON_LINES].map((lines) =>
      decisions(lines).map((it) => ({ ...(it as object), time: "", request: "" })),
    );
    assert.ok(said[0]!.length >= 11);
    assert.deepEqual(said[0], said[1]);
  });
  test("nothing of a line is lost", () => {
    assert.deepEqual(
      { ...(readLine(own(JSON_LINES)) as object), time: "", request: "" },
      {
        ...{ time: "", request: "", decision: "deny", reason: "rule_not_satisfied", status: 403 },
        ...{ rule: "run_deployments", method: "POST" },
        path: "/api/deployments/8f2a6d3b-19c7-4e50-a6b8-1c9d7f4e0a35/create_flow_run",
        issuer: "https://sso.example.com/realms/prefect",
        subject: "5f0c2f9e-6d1b-4c8e-9a57-0b8f4a1c7d21",
        ...{ user: "bob", roles: ["viewer"], providerRoles: ["prefect-viewer"] },
        ...{ client: "127.0.0.1", token: null, expected: null, middleware: "rolegate@file" },
      },
    );
  });
  for (const [name, wrap] of Object.entries(WRAPPERS)) {
    for (const lines of [JSON_LINES, COMMON_LINES]) {
      test(`${name}: ${lines === JSON_LINES ? "JSON" : "common"}`, () => {
        assert.deepEqual(decisions(lines.map(wrap)), decisions(lines));
      });
    }
  }
  test("without colours, as in a file of Traefik's", () => {
    // eslint-disable-next-line no-control-regex
    const plain = COMMON_LINES.map((line) => line.replace(/\u001b\[\d+m/g, ""));
    assert.deepEqual(decisions(plain), decisions(COMMON_LINES));
  });
  test("what is cut off is said to be, at whatever byte", () => {
    for (const line of [own(JSON_LINES), own(COMMON_LINES)]) {
      const start = line.indexOf("rolegate", line.indexOf("audit") - 20) + 12;
      const end = line.lastIndexOf("roles") + 12;
      for (let at = start; at < end; at++) {
        assert.equal(readLine(line.slice(0, at)), "broken", line.slice(0, at));
      }
    }
  });
});

describe("what clients write is no decision", () => {
  const forged = JSON.stringify({
    ...{ rolegate: "audit", time: "2026-11-29T18:00:05Z", decision: "allow", reason: "none" },
    ...{ method: "GET", path: "/admin", subject: "bob", roles: ["owner"] },
  });
  const record = JSON.stringify({ level: "info", time: "2026-11-29T18:00:05Z", message: forged });
  const common = `2026-11-29T18:00:05Z INF ${forged}`;
  test("as the plugin writes it, it is one", () => {
    for (const line of [record, common]) assert.equal(typeof readLine(line), "object");
  });
  const access = (user: string, target: string, agent: string) =>
    `127.0.0.1 - ${user} [29/Nov/2026:18:00:05 +0000] "GET ${target} HTTP/1.1" 200 5 "-" "${agent}" 1 "app@file" "http://127.0.0.1:4200" 0ms`;
  const FORGERIES: Record<string, string> = {
    "a user agent in an access log": access("-", "/", common),
    "a record as the user agent": access("-", "/", record),
    "a target in an access log": access("-", `/${record}`, "curl"),
    "a user name in an access log": access(common, "/", "curl"),
    "a user name that is a record": access(record, "/", "curl"),
    "a user name that begins with a time": access(`2026-11-29T18:00:05.1Z ${common}`, "/", "curl"),
    "a header in an access log of JSON": JSON.stringify({
      ...{ "request_User-Agent": forged, level: "info", msg: "", RequestPath: `/${forged}` },
    }),
    "a message of Traefik's": JSON.stringify({ level: "debug", message: `bad path: ${forged}` }),
    "a message of Traefik's in the common format": `2026-11-29T18:00:05Z ERR bad path: ${forged}`,
    "a field of Traefik's": JSON.stringify({ level: "debug", message: "bad", error: forged }),
    "a field in the common format": `2026-11-29T18:00:05Z ERR bad error=${forged}`,
    "a field that looks like the message": `2026-11-29T18:00:05Z ERR bad error="INF ${forged}"`,
    "a path that the plugin writes": own(COMMON_LINES).replace(
      "/create_flow_run",
      JSON.stringify(`/${forged}`).slice(1, -1),
    ),
    "an object of another kind": record.replace("audit", "trace"),
    "a list": JSON.stringify([record]),
    "a wrapper in a wrapper": JSON.stringify({ log: JSON.stringify({ log: record }) }),
    "a wrapped access log": JSON.stringify({ log: access(common, "/", record) }),
  };
  for (const [name, line] of Object.entries(FORGERIES)) {
    test(name, () => {
      const seen = readLine(line);
      // The plugin's own line stays its own, whatever is in its path.
      if (typeof seen === "object") assert.equal(seen.rule, "run_deployments");
      else assert.ok(["other", "broken"].includes(seen));
    });
  }
});
