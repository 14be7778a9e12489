/** How `npm start` ends when something does not work: a line, what to do, and the rest in a file; never a stack. */
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { failureOf, tell } from "../../stack/failure.ts";
import { TraefikLog } from "../../stack/traefik/log.ts";
import { TraefikEnded } from "../../stack/traefik/running.ts";

const panic = new TraefikLog();
for (const line of ["panic: wasm error", "goroutine 1 [running]:", "\tmain.go:1 +0x1"])
  panic.add(line);

const ERRORS: [Error, RegExp, RegExp][] = [
  [new TraefikEnded(2, panic), /^Traefik ended with code 2$/, /TRAEFIK_BIN/],
  [new Error("Port 80 is taken"), /^Port 80 is taken$/, /--port/],
  [new Error("Keycloak is late:\nline\nline"), /^Keycloak is late$/, /2 GiB/],
  [new Error("Prefect ended:\nTraceback"), /^Prefect ended$/, /memory/],
  [
    new Error("the provider's keys have not come:\n/x/jwks.json\n  error"),
    /^the provider's keys have not come$/,
    /run it again/,
  ],
  [
    new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND pypi.org") }),
    /^fetch failed \(getaddrinfo ENOTFOUND pypi\.org\)$/,
    /reaches npm, PyPI/,
  ],
  [new Error("Prefect is installed with Python's pip, and there is none"), /pip/, /python3-pip/],
  [new Error("Keycloak needs Java 17 or newer"), /Java 17/, /JAVA_HOME/],
  [new Error("python3 -m ended with 1"), /ended with 1/, /reaches npm/],
];

test("each kind of failure is one line, and something to do", () => {
  for (const [error, what, remedy] of ERRORS) {
    const failure = failureOf(error);
    assert.match(failure.what, what);
    assert.match(failure.remedy, remedy, failure.what);
    assert.doesNotMatch(failure.details, /at .*\.ts:\d+/, "the stack of what is understood");
  }
});

test("what a program wrote is in a file, and so is the stack of a bug", () => {
  for (const [error, kept] of [
    [ERRORS[0]![0], /goroutine 1/],
    [new TypeError("x is undefined"), /failure\.test/],
  ] as const) {
    const lines: string[] = [];
    tell(error, (line) => lines.push(line));
    assert.doesNotMatch(lines.join("\n"), /goroutine|^\s+at /m);
    assert.equal(lines.length, 3);
    const file = lines[2]!.split(/ +/).at(-1)!;
    assert.match(readFileSync(file, "utf8"), kept);
    rmSync(dirname(file), { recursive: true });
  }
});
