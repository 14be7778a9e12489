/** What goes wrong at the provider, and at which of the exchanges with it: every row is tried with every other. */
import { damage, damages, type Damage } from "../../stack/provider/damage.ts";
import type { FaultName } from "../../stack/provider/faults.ts";
import type { Endpoint } from "../../stack/provider/network.ts";
import type { Provider } from "../../stack/provider/provider.ts";

/** Seconds that Traefik waits for the provider in these stacks: `responseHeaderTimeout`. */
export const patience = 2;

export interface Trouble {
  name: string;
  /** It is only slow, and all goes well. */
  harmless?: boolean;
  begin(provider: Provider, endpoint: Endpoint): void;
}

const slow = (milliseconds: number, harmless: boolean): Trouble => ({
  name: `slow, ${milliseconds / 1_000} s`,
  harmless,
  begin({ network }, endpoint) {
    Object.assign(network, { delay: milliseconds, only: [endpoint] });
  },
});

const away = (name: string, state: "down" | "hang"): Trouble => ({
  name,
  begin({ network }, endpoint) {
    Object.assign(network, { state, only: [endpoint] });
  },
});

const troubles: Trouble[] = [
  away("down", "down"),
  away("silent", "hang"),
  slow(1_000, true),
  slow(30_000, false),
  ...(Object.keys(damages) as Damage[]).map((name) => ({
    name,
    begin: ({ faults }: Provider, endpoint: Endpoint) => faults.show(damage(endpoint, name)),
  })),
];

/** What can be wrong at one exchange alone. */
const own = {
  metadata: ["discovery-other-issuer", "discovery-other-token-endpoint"],
  "metadata for keys": ["discovery-other-issuer", "discovery-other-keys"],
  code: ["id-token-bad-iss", "id-token-forged", "id-token-missing"],
  userinfo: ["userinfo-other-sub", "userinfo-refused"],
  refresh: ["id-token-bad-iss", "id-token-forged", "id-token-bad-aud"],
  keys: ["keys-empty", "keys-private", "keys-secret"],
} satisfies Record<string, FaultName[]>;

export type Step = keyof typeof own;

/** All that can go wrong at an exchange. */
export const troublesOf = (step: Step): Trouble[] => [
  ...troubles,
  ...own[step].map((name) => ({
    name,
    begin: ({ faults }: Provider) => faults.show(name),
  })),
];

/** The session is made without userinfo that cannot be had: it has the ID token's claims, and no others. */
export const isOptional = (step: Step, { name }: Trouble) =>
  step === "userinfo" && name !== "userinfo-other-sub";
