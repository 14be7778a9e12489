/** The rule language beside Traefik's router: the same expressions and requests to the real one and to the guest. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../tools/root.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import type { WireRequest } from "../../src/guest/entrypoint.ts";
import type { Guest } from "../../src/guest/guest.ts";
import { pairs } from "../../src/guest/header.ts";
import {
  type Answer,
  type Difference,
  DIFFERENCES,
  REQUESTS,
  SAME,
} from "../cases/traefik-rules.ts";
import { loadGate } from "../support/gate.ts";
import { keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER, token } from "../support/tokens.ts";
import { send } from "../support/wire.ts";

const bearer: [string, string] = ["Authorization", `Bearer ${await token()}`];
const expressions = [...new Set([...SAME, ...DIFFERENCES.map(({ expression }) => expression)])];
let traefik: Traefik;
/** Expressions that Traefik takes for none. */
let wrong: Set<string>;
const guests = new Map<string, Guest>();

before(async () => {
  // A request says which router it is for.
  const router = (expression: string, row: number) => ({
    rule: `Header(\`X-Row\`, \`${row}\`) && (${expression})`,
    service: "noop@internal",
  });
  traefik = await startTraefik({
    allowDropped: true,
    dynamic: {
      http: {
        routers: Object.fromEntries(expressions.map((it, row) => [`row-${row}`, router(it, row)])),
      },
    },
  });
  const dropped = (await traefik.dropped()).map((line) => Number(/row-(\d+)@/.exec(line)![1]));
  wrong = new Set(dropped.map((row) => expressions[row]!));
  for (const expression of expressions) {
    guests.set(
      expression,
      await loadGate({
        ...{ issuer: ISSUER, clientId: CLIENT, jwks: JSON.stringify(keySet(rsa)), audit: "off" },
        rules: [{ match: expression, allow: "authenticated" }],
      }),
    );
  }
});
after(() => traefik?.stop());

const withHeaders = (request: WireRequest, ...more: [string, string][]): WireRequest => ({
  ...request,
  headers: [...pairs(request.headers ?? []), ...more],
});

async function ofTraefik(expression: string, request: WireRequest): Promise<Answer> {
  if (wrong.has(expression)) return "error";
  const row = String(expressions.indexOf(expression));
  const { status } = await send(traefik.ports.web!, withHeaders(request, ["X-Row", row]));
  return answerOf(status, { 418: "holds", 404: "does not hold", 400: "400" });
}

async function ofGuest(expression: string, request: WireRequest): Promise<Answer> {
  const guest = guests.get(expression)!;
  if (guest.startLogs.some(({ data }) => data?.severity === "error")) return "error";
  const { response } = await guest.handle(withHeaders(request, bearer));
  return answerOf(response.status, { 200: "holds", 403: "does not hold", 400: "400" });
}

function answerOf(status: number, answers: Record<number, Answer>): Answer {
  const answer = answers[status];
  assert.ok(answer, `status ${status}`);
  return answer;
}

describe("rules beside Traefik's", () => {
  test(`${SAME.length} expressions: the same for each of ${REQUESTS.length} requests`, async () => {
    const seen: Record<string, number> = {};
    const differences: unknown[] = [];
    for (const expression of SAME) {
      for (const request of REQUESTS) {
        const both = [await ofTraefik(expression, request), await ofGuest(expression, request)];
        seen[both[0]!] = (seen[both[0]!] ?? 0) + 1;
        if (both[0] !== both[1]) differences.push({ expression, ...request, both });
      }
    }
    assert.deepEqual(differences, []);
    for (const answer of ["holds", "does not hold", "error"])
      assert.ok(seen[answer]! > 300, answer);
  });

  for (const it of DIFFERENCES) {
    test(`otherwise here: ${it.expression}, ${nameOf(it)}`, async () => {
      assert.equal(await ofTraefik(it.expression, it.request), it.traefik, "Traefik");
      assert.equal(await ofGuest(it.expression, it.request), it.here, "here");
      assert.notEqual(it.here, it.traefik);
    });
  }

  test("docs/policy.md has these differences", () => {
    const text = readFileSync(join(root, "docs", "policy.md"), "utf8");
    const table = /^## Where this is not Traefik's$[^]*?(^\|[^]*?)\n(?:\n|$)/m.exec(text)?.[1];
    const rows = table?.split("\n").map((line) => line.replace(/ +/g, " "));
    assert.deepEqual(rows?.slice(2), DIFFERENCES.map(rowOf));
  });
});

/** What the request has that matters. */
function nameOf({ request }: Difference): string {
  const headers = pairs(request.headers ?? []).map(([name, value]) => `${name}: ${value}`);
  return headers[0] ?? request.target;
}

const WORDS: Record<Answer, string> = {
  holds: "yes",
  "does not hold": "no",
  error: "mistake",
  "400": "400",
};

function rowOf(it: Difference): string {
  // Other tables begin with one backquote and a function.
  const cells = [
    `\`\` ${it.expression} \`\``,
    `\`${nameOf(it)}\``,
    WORDS[it.traefik],
    WORDS[it.here],
    it.because,
  ];
  return `| ${cells.join(" | ").replace(/ +/g, " ")} |`;
}
