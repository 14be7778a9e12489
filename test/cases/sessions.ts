/** A session's cookie as the credential: which are good, which are none, and where the browser is sent that has one to renew. */
import type { Case } from "./case.ts";
import type { GateName } from "./gates.ts";
import { AGE } from "./session-age.ts";
import { BESIDE, NOBODY, PAGES, ROUTER } from "./session-answers.ts";
import { HOST } from "./session-cookies.ts";
import { CROSS_SITE } from "./session-cross-site.ts";
import { FORM, HIDDEN } from "./session-form.ts";
import { ELSEWHERE } from "./session-gates.ts";
import type { SessionRow } from "./session-rows.ts";

const rowsOf = (what: string, gate: GateName, rows: SessionRow[]): Case[] =>
  rows.map(([name, cookies, request, expect]) => ({
    name: `session ${what}: ${name}`,
    gate,
    ...request,
    headers: {
      Host: HOST,
      ...(cookies === undefined ? {} : { Cookie: cookies }),
      ...(request.headers as Record<string, string>),
    },
    expect,
  }));

export const SESSIONS: Case[] = [
  ...rowsOf("form", "session", FORM),
  ...rowsOf("age", "session", AGE),
  ...rowsOf("beside", "session", BESIDE),
  ...rowsOf("cross-site", "session", CROSS_SITE),
  ...rowsOf("upstream", "session", HIDDEN),
  ...rowsOf("of nobody", "session", NOBODY),
  ...rowsOf("page", "session", PAGES),
  ...rowsOf("router", "session", ROUTER),
  ...ELSEWHERE.flatMap(([gate, rows]) => rowsOf("elsewhere", gate, rows)),
];
