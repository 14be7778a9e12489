/**
 * Credentials for the people of a table, and the one block that accepts them all, so that one guest
 * answers every row.
 */
import { DEFAULTS } from "../defaults.ts";
import { type Block, blockOf, mapOf, textOf, valueOf, withKeys } from "../middleware/block.ts";
import { type Issued, newApiKey, withApiKey, withThrowAwayKey } from "../middleware/caller.ts";
import type { Place } from "../source/file.ts";
import { atAwaited, tableError } from "./mistake.ts";
import { issuersOf, type KeyHolder, type Person, type TokenHolder } from "./person.ts";

export class Admission {
  private block: Block;
  /** The header that takes tokens. */
  private readonly header: string;
  private readonly issued = new Map<string | undefined, Issued>();
  private readonly headers = new Map<Person, [string, string][]>();

  constructor(
    private readonly original: Block,
    private readonly now: number | undefined,
  ) {
    this.block = original;
    this.header = textOf(mapOf(original, "token"), "header") ?? DEFAULTS["token.header"];
  }

  /** The headers of a person's requests. */
  async headersOf(person: Person): Promise<[string, string][]> {
    const known = this.headers.get(person);
    if (known) return known;
    const made = await this.make(person);
    this.headers.set(person, made);
    return made;
  }

  /**
   * The block with throw-away keys in place of the issuers' and of API keys, when everyone has
   * asked for headers. The first issuer's are always replaced: its own may be missing here, and a
   * file of rules alone has none.
   */
  async admittingBlock(): Promise<Block> {
    const [first] = issuersOf(this.original);
    if (first !== undefined && !this.issued.has(first)) await this.issuer(first, null);
    return this.block;
  }

  private async make(person: Person): Promise<[string, string][]> {
    switch (person.kind) {
      case "anonymous":
        return [];
      case "apiKey":
        return [["Authorization", `Bearer ${this.apiKey(person)}`]];
      case "token":
        return [[this.header, `Bearer ${await this.token(person)}`]];
    }
  }

  private async token(person: TokenHolder): Promise<string> {
    const { roles, claims, user } = person;
    const issuer = person.issuer ?? issuersOf(this.original)[0];
    const issued = this.issued.get(issuer) ?? (await this.issuer(issuer, person.place));
    return issued.token({ roles, claims, ...(user === undefined ? {} : { user }) });
  }

  private async issuer(name: string | undefined, place: Place | null): Promise<Issued> {
    const issued = await atAwaited(place, () => withThrowAwayKey(this.block, name, this.now));
    this.issued.set(name, issued);
    this.block = issued.block;
    return issued;
  }

  /**
   * One of the block's keys; for a person with roles, or of no table, a new one, because it may be
   * in `apiKeysFile`.
   */
  private apiKey({ name, roles, place }: KeyHolder): string {
    const list = valueOf(this.original, "apiKeys");
    const keys = Array.isArray(list) ? list.map(blockOf) : [];
    if (roles.length > 0 || place === null) {
      const { key, sha256 } = newApiKey();
      const here = valueOf(this.block, "apiKeys");
      const apiKeys = [...(Array.isArray(here) ? here : []), { name, sha256, roles }];
      this.block = withKeys(this.block, { apiKeys });
      return key;
    }
    if (!keys.some((it) => textOf(it, "name") === name)) {
      throw tableError(
        place,
        `apiKeys of the block has no key ${name}`,
        `one of apiKeysFile needs its roles here: who: { ${name}: { apiKey: ${name}, roles: […] } }`,
      );
    }
    const changed = withApiKey(this.block, name);
    this.block = changed.block;
    return changed.key;
  }
}
