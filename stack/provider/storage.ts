/** The development provider's storage: a map in memory that outlives a rotation of the keys. */
import type { Adapter } from "oidc-provider";

export type Payload = Record<string, unknown>;

export interface Storage {
  /** An adapter class for oidc-provider. */
  adapter: new (model: string) => Adapter;
  /** All entries of a model, for example of `Session`. */
  all(model: string): [id: string, payload: Payload][];
  remove(model: string, id: string): void;
}

/**
 * Entries are few and short-lived here, so nothing is evicted. `clients` are looked up, and never
 * stored.
 */
export function memoryStorage(clients: (id: string) => Payload | undefined): Storage {
  const models = new Map<string, Map<string, Payload>>();
  const entriesOf = (model: string) => {
    if (!models.has(model)) models.set(model, new Map());
    return models.get(model)!;
  };

  class MemoryAdapter implements Adapter {
    #entries: Map<string, Payload>;
    constructor(private readonly model: string) {
      this.#entries = entriesOf(model);
    }

    async upsert(id: string, payload: Payload): Promise<void> {
      this.#entries.set(id, payload);
    }

    async find(id: string): Promise<Payload | undefined> {
      return this.model === "Client" ? clients(id) : this.#entries.get(id);
    }

    async findByUid(uid: string): Promise<Payload | undefined> {
      return this.#findBy("uid", uid);
    }

    async findByUserCode(userCode: string): Promise<Payload | undefined> {
      return this.#findBy("userCode", userCode);
    }

    async destroy(id: string): Promise<void> {
      this.#entries.delete(id);
    }

    async consume(id: string): Promise<void> {
      const entry = this.#entries.get(id);
      if (entry) entry.consumed = Math.floor(Date.now() / 1000);
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [id, payload] of this.#entries) {
        if (payload.grantId === grantId) this.#entries.delete(id);
      }
    }

    #findBy(member: string, value: string): Payload | undefined {
      return [...this.#entries.values()].find((payload) => payload[member] === value);
    }
  }

  return {
    adapter: MemoryAdapter,
    all: (model) => [...entriesOf(model)],
    remove: (model, id) => void entriesOf(model).delete(id),
  };
}
