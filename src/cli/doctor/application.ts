/** Looks at the application from outside: whether it is protected, and how it refuses. */
import { AS_SCRIPT, bearer, type Check, type Patient, seen, type Symptom } from "./patient.ts";

export const looksAtApplication: Check = async (patient) => {
  const { path } = patient;
  const answer = await patient.ask({ path, headers: AS_SCRIPT });
  const evidence = seen(`GET ${path} without a credential`, answer);
  if (answer.status === 500 && answer.code === "config_error")
    return [{ code: "config_error", evidence }];
  if (answer.status === 503 && answer.code === "keys_unavailable")
    return [{ code: "keys_unavailable", evidence }];
  if (answer.status >= 300 && answer.status < 400) {
    return [
      {
        code: "xhr_redirected",
        evidence: `${evidence}, to ${answer.headers.location ?? "nowhere"}`,
      },
    ];
  }
  if (answer.status < 300 || answer.status === 404) return [{ code: "not_protected", evidence }];
  if (answer.code === null) return [{ code: "not_rolegate", evidence }];
  return [...(await keysMissing(patient)), ...(await ambiguousPaths(patient))];
};

/** Only a token makes the plugin look at its keys. */
async function keysMissing({ path, ask }: Patient): Promise<Symptom[]> {
  // Well-formed, and nobody's.
  const nobody = ['{"alg":"RS256","kid":"doctor"}', '{"iss":"doctor"}', "x"]
    .map((part) => Buffer.from(part).toString("base64url"))
    .join(".");
  const answer = await ask({ path, headers: { ...AS_SCRIPT, ...bearer(nobody) } });
  return answer.code === "keys_unavailable"
    ? [{ code: "keys_unavailable", evidence: seen(`GET ${path} with a token`, answer) }]
    : [];
}

async function ambiguousPaths({ ask }: Patient): Promise<Symptom[]> {
  const path = "/rolegate-doctor%2Fx";
  const answer = await ask({ path, headers: AS_SCRIPT });
  if (answer.status === 400) return [];
  return [{ code: "path_ambiguous", evidence: seen(`GET ${path}`, answer) }];
}

export const looksAtWebSocket: Check = async ({ webSocket, token, ask }) => {
  if (webSocket === null) return [];
  const found: Symptom[] = [];
  const open = await ask({ path: webSocket, upgrade: true });
  if (open.status === 101)
    found.push({
      code: "websocket_open",
      evidence: seen(`a WebSocket at ${webSocket} without a token`, open),
    });
  if (token === null) return found;
  const own = await ask({ path: webSocket, upgrade: true, headers: bearer(token) });
  if (own.status !== 101)
    found.push({
      code: "websocket_refused",
      evidence: seen(`a WebSocket at ${webSocket} with the token`, own),
    });
  return found;
};

export const looksPastTraefik: Check = async ({ upstream, ask }) => {
  if (upstream === null) return [];
  try {
    const answer = await ask({ path: "/" }, upstream);
    return [{ code: "application_exposed", evidence: seen(`${upstream}, from here,`, answer) }];
  } catch {
    // Nothing answers, which is as it should be.
    return [];
  }
};

/** Two clocks against this one: `Date` of the application's answers and of the provider's. */
export const looksAtClocks: Check = async ({ url, issuer, ask }) => {
  const found: Symptom[] = [];
  for (const [name, base] of [
    ["the application's", url],
    ["the provider's", issuer],
  ] as const) {
    if (base === null) continue;
    const before = Date.now();
    const { headers } = await ask(
      { path: name === "the provider's" ? new URL(base).pathname : "/" },
      base,
    ).catch(() => ({ headers: {} as Record<string, string> }));
    const theirs = Date.parse(String(headers.date));
    const seconds = Math.round((theirs - (before + Date.now()) / 2) / 1000);
    if (!Number.isNaN(theirs) && Math.abs(seconds) > SKEW) {
      found.push({
        code: "clock_skew",
        evidence: `${name} clock is ${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"} this machine's`,
      });
    }
  }
  return found;
};

/** The plugin's own default, `validation.clockSkew`. */
const SKEW = 30;
