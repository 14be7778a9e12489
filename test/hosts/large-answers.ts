/** Large answers of a provider: a whole sign-in in mode login, with a token response of that many bytes. */
import assert from "node:assert/strict";
import { block } from "../login/configuration.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { json } from "../support/fake-provider.ts";
import { LoginHost, SCRIPT } from "../support/login-host.ts";
import type { Claims } from "../support/tokens.ts";
import type { Group } from "./memory.ts";
import { Twins, type TwinOptions } from "./twins.ts";

/** More is refused; see assembly/limits.ts. */
const ANSWER_BYTES = 256 * 1024;
/** For an answer, its text and what it is made into. */
const PAGES = 48;
/** A refresh token that fits into a session's cookies. */
const KEPT_BYTES = 6 * 1024;

/** The answer with a member that makes it as large as asked, if it is not larger already. */
function filled(answer: Claims, name: string, size: number): Claims {
  const least = JSON.stringify({ ...answer, [name]: "" }).length;
  return { ...answer, [name]: "x".repeat(Math.max(1, size - least)) };
}

export const ANSWERS: Group = {
  name: "token responses of N bytes",
  sizes: [
    ...[1024, 2048, 3072, 4096, 6000, 8192, 12_000, 16_384, 32_768, 50_000],
    ...[65_536, 65_537, 131_072],
    ...[ANSWER_BYTES - 1, ANSWER_BYTES, ANSWER_BYTES + 1],
  ],
  async open(host) {
    let twins: Twins | undefined;
    const login = await LoginHost.start(block(), {}, async (config, more) => {
      const { mounts: _, ...rest } = more;
      return (twins = await Twins.load(host, config, { ...rest, pages: PAGES } as TwinOptions));
    });
    const { provider } = login;
    return {
      async attempt(size) {
        for (const name of ["padding", "refresh_token"]) {
          login.jar = new CookieJar();
          provider.received.length = 0;
          provider.instead = {
            token: async () => json(filled(await provider.tokens(), name, size)),
          };
          const { response } = await login.signIn("/a");
          const fits = size <= (name === "padding" ? ANSWER_BYTES : KEPT_BYTES);
          if (fits) assert.equal(response.status, 302, response.body.toString());
          assert.ok(response.status !== 500, response.body.toString());
          if (size > ANSWER_BYTES) assert.notEqual(response.status, 302);
          const who = await login.visit("/oidc/session", { headers: SCRIPT });
          assert.equal(who.response.status, response.status === 302 ? 200 : 401);
        }
      },
      close: () => twins!.close(),
    };
  },
};
