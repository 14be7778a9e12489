/** etcd's JSON gateway, as an administrator uses it: users, roles, keys and values. */

export interface Access {
  username: string;
  password: string;
  /** All that the user may read and write: keys that begin so. */
  prefix: string;
}

export interface Entry {
  key: string;
  value: Buffer;
  /** Absent: it has no lease. */
  lease?: string;
}

export type Json = { [key: string]: unknown };

/** etcd wants keys and values in base64. */
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** The first key behind all that begin with `prefix`: its last byte is one more. */
function rangeEnd(prefix: string): string {
  const bytes = Buffer.from(prefix);
  bytes[bytes.length - 1]! += 1;
  return bytes.toString();
}

const ROOT = { name: "root", password: "administrator" };

export class Gateway {
  readonly #url: string;
  #asksAsRoot = false;

  constructor(url: string) {
    this.#url = url;
  }

  async isHealthy(): Promise<boolean> {
    try {
      const response = await fetch(`${this.#url}/health`);
      return /"health":\s*"?true/.test(await response.text());
    } catch {
      return false;
    }
  }

  async ask(path: string, body: Json): Promise<Json> {
    // A token for each call: those of before are gone when etcd was started again.
    const headers: { [name: string]: string } = this.#asksAsRoot
      ? { Authorization: String((await this.#post("auth/authenticate", ROOT, {})).token) }
      : {};
    return this.#post(path, body, headers);
  }

  /** From now on there are users: an administrator, and one with a role on one prefix. */
  async admit({ username, password, prefix }: Access): Promise<void> {
    const perm = {
      permType: "READWRITE",
      key: base64(prefix),
      range_end: base64(rangeEnd(prefix)),
    };
    await this.ask("auth/user/add", ROOT);
    await this.ask("auth/role/add", { name: "root" });
    await this.ask("auth/user/grant", { user: ROOT.name, role: "root" });
    await this.ask("auth/role/add", { name: username });
    await this.ask("auth/role/grant", { name: username, perm });
    await this.ask("auth/user/add", { name: username, password });
    await this.ask("auth/user/grant", { user: username, role: username });
    await this.ask("auth/enable", {});
    this.#asksAsRoot = true;
  }

  async entries(): Promise<Entry[]> {
    // From the first key to the end of all.
    const all = { key: base64("\0"), range_end: base64("\0") };
    const { kvs = [] } = (await this.ask("kv/range", all)) as {
      kvs?: { key: string; value?: string; lease?: string }[];
    };
    return kvs.map(({ key, value = "", lease }) => ({
      key: Buffer.from(key, "base64").toString(),
      value: Buffer.from(value, "base64"),
      ...(lease === undefined ? {} : { lease }),
    }));
  }

  async #post(path: string, body: Json, headers: { [name: string]: string }): Promise<Json> {
    const response = await fetch(`${this.#url}/v3/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Json;
    if (!response.ok) throw new Error(`etcd, ${path}: ${JSON.stringify(answer)}`);
    return answer;
  }
}
