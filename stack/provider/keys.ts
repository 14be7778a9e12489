/**
 * The development provider's signing keys: one active pair for each algorithm, and old ones that
 * are still published.
 */
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from "jose";

export const signingAlgorithms = ["RS256", "ES256"] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

async function generate(alg: SigningAlgorithm, kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg, use: "sig" };
}

const publicMembers = ["kty", "kid", "alg", "use", "n", "e", "crv", "x", "y"] as const;

function publicPart(key: JWK): JWK {
  const present = publicMembers.filter((member) => key[member] !== undefined);
  return Object.fromEntries(present.map((member) => [member, key[member]])) as JWK;
}

export class SigningKeys {
  /** Private keys, the active ones first. */
  #keys: JWK[] = [];
  #announced: JWK[] = [];
  #generation = 0;

  static async create(): Promise<SigningKeys> {
    const keys = new SigningKeys();
    await keys.rotate();
    return keys;
  }

  /** Publishes new keys, with which nothing is signed before the next rotation. */
  async announce(): Promise<void> {
    const generation = ++this.#generation;
    const made = signingAlgorithms.map((alg) =>
      generate(alg, `${alg.toLowerCase()}-${generation}`),
    );
    this.#announced = await Promise.all(made);
    this.#keys = [...this.#keys, ...this.#announced];
  }

  /**
   * Signs with the keys that were announced, or else with new ones. The old ones stay published.
   */
  async rotate(): Promise<void> {
    if (this.#announced.length === 0) await this.announce();
    const next = this.#announced.splice(0);
    this.#keys = [...next, ...this.#keys.filter((key) => !next.includes(key))];
  }

  /** Withdraws all keys but the active ones, or but those of the last so many rotations. */
  retire(rotations = 1): void {
    this.#keys = this.#keys.slice(0, rotations * signingAlgorithms.length);
  }

  /** Key ID of the key that signs now. */
  active(alg: SigningAlgorithm): string {
    return this.#keys.find((key) => key.alg === alg)!.kid!;
  }

  privateSet(): { keys: JWK[] } {
    return { keys: this.#keys };
  }

  publicSet(): JSONWebKeySet {
    return { keys: this.#keys.map(publicPart) };
  }
}
