/** Lines of sign-in as the guest writes them, in Traefik's form: signed in, renewed, signed out, and one that failed. */
import type { Result } from "../../src/guest/guest.ts";
import { block, STATE } from "../login/configuration.ts";
import { json } from "../support/fake-provider.ts";
import { LoginHost } from "../support/login-host.ts";
import { ISSUER } from "../support/tokens.ts";

export async function signInLines(): Promise<string[]> {
  const host = await LoginHost.start(block());
  const lines: string[] = [];
  const write = (level: string, message: string) => {
    const time = new Date().toISOString();
    lines.push(JSON.stringify({ level, time, middlewareName: "login@file", message }));
  };
  const keep = ({ logs }: Result) => {
    for (const { level, message } of logs) write(level, message);
  };
  keep(await host.signIn());
  host.clock.pass(240);
  keep(await host.visit("/oidc/refresh?rd=%2F"));
  keep(await host.visit("/oidc/logout"));
  host.provider.instead.token = () => json({ error: "invalid_client" }, 401);
  keep(await host.signIn());
  // As host/watched-file.ts writes them: stateDir is another guest's.
  for (const event of ["stale", "read"]) {
    const file = `${STATE}/jwks-1.json`;
    write("info", JSON.stringify({ rolegate: "keys", event, issuer: ISSUER, file, message: "" }));
  }
  return lines;
}
