/**
 * Checks that were skipped because an option was missing. A skipped check is not a check that
 * passed.
 */
import { type Target, signsIn } from "./target.ts";

export interface Skipped {
  what: string;
  needs: string;
}

const ROWS: (Skipped & { when: (target: Target) => boolean })[] = [
  {
    what: "the provider and its keys",
    needs: "-c with the block, or --issuer",
    when: ({ issuer }) => issuer === null,
  },
  {
    what: "a token, its audience and roles, and what the application says to it",
    needs: "--token, --device or --user; audience and roles also -c",
    when: ({ token }) => token === null,
  },
  {
    what: "whether programs' tokens are for this application: people are known by the ID token",
    needs: "--token of a program, or --client-id of its client",
    when: (target) => signsIn(target) && !target.isForProgram,
  },
  {
    what: "the token's audience and roles",
    needs: "-c with the block",
    when: ({ token, block }) => token !== null && block === null,
  },
  {
    what: "sign-in: none was seen",
    needs: "-c with the block, if there should be one",
    when: (target) => !signsIn(target) && target.learned.loginUrl === null,
  },
  {
    what: "WebSockets",
    needs: "--websocket",
    when: ({ webSocket, preset }) => webSocket === null && preset === null,
  },
  {
    what: "ways past Traefik",
    needs: "--upstream with the application's own address",
    when: ({ upstream }) => upstream === null,
  },
  {
    what: "other routers, and middlewares beside Rolegate",
    needs: "--api with the address of Traefik's API",
    when: ({ api }) => api === null,
  },
  {
    what: "Prefect's clients",
    needs: "--client-env",
    when: ({ preset, clientEnv }) => preset === "prefect" && clientEnv === null,
  },
];

export function skippedOf(target: Target): Skipped[] {
  return ROWS.filter(({ when }) => when(target)).map(({ what, needs }) => ({ what, needs }));
}
