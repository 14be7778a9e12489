/** The development provider's storage: a map in memory that outlives a rotation of the keys. */
import type { Adapter } from "oidc-provider";

type Payload = Record<string, unknown>;

/** An adapter class for oidc-provider. Entries are few and short-lived here, so nothing is evicted. */
export function memoryStorage(): new (model: string) => Adapter {
  const entries = new Map<string, Payload>();

  return class implements Adapter {
    constructor(private readonly model: string) {}

    async upsert(id: string, payload: Payload): Promise<void> {
      entries.set(this.#key(id), payload);
    }

    async find(id: string): Promise<Payload | undefined> {
      return entries.get(this.#key(id));
    }

    async findByUid(uid: string): Promise<Payload | undefined> {
      return this.#findBy("uid", uid);
    }

    async findByUserCode(userCode: string): Promise<Payload | undefined> {
      return this.#findBy("userCode", userCode);
    }

    async destroy(id: string): Promise<void> {
      entries.delete(this.#key(id));
    }

    async consume(id: string): Promise<void> {
      const entry = entries.get(this.#key(id));
      if (entry) entry.consumed = Math.floor(Date.now() / 1000);
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [key, payload] of entries) if (payload.grantId === grantId) entries.delete(key);
    }

    #key(id: string): string {
      return `${this.model}:${id}`;
    }

    #findBy(member: string, value: string): Payload | undefined {
      const own = [...entries].filter(([key]) => key.startsWith(`${this.model}:`));
      return own.find(([, payload]) => payload[member] === value)?.[1];
    }
  };
}
