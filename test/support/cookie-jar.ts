/** A browser's cookies for one host, as far as the guest's need it: names, paths, and those that are taken back (RFC 6265 §5.3). */

export interface StoredCookie {
  name: string;
  value: string;
  path: string;
  /** Attributes as they came, lower-case names. */
  attributes: Record<string, string>;
}

export function parseSetCookie(line: string): StoredCookie {
  const [pair = "", ...rest] = line.split(";").map((it) => it.trim());
  const equals = pair.indexOf("=");
  const attributes = Object.fromEntries(
    rest.map((it) => {
      const [name = "", value = ""] = it.split("=");
      return [name.toLowerCase(), value];
    }),
  );
  return {
    name: pair.slice(0, equals),
    value: pair.slice(equals + 1),
    path: attributes.path ?? "/",
    attributes,
  };
}

export class CookieJar {
  readonly cookies = new Map<string, StoredCookie>();

  take(lines: string[]): void {
    for (const cookie of lines.map(parseSetCookie)) {
      const key = `${cookie.name};${cookie.path}`;
      if (cookie.attributes["max-age"] === "0") this.cookies.delete(key);
      else this.cookies.set(key, cookie);
    }
  }

  put(name: string, value: string, path = "/"): void {
    this.cookies.set(`${name};${path}`, { name, value, path, attributes: {} });
  }

  delete(name: string): void {
    for (const [key, cookie] of this.cookies) if (cookie.name === name) this.cookies.delete(key);
  }

  /** Value of the first cookie whose name begins so. */
  get(name: string): string | undefined {
    return [...this.cookies.values()].find((it) => it.name.startsWith(name))?.value;
  }

  names(): string[] {
    return [...this.cookies.values()].map(({ name }) => name);
  }

  copy(): CookieJar {
    const jar = new CookieJar();
    for (const [key, cookie] of this.cookies) jar.cookies.set(key, cookie);
    return jar;
  }

  /** The Cookie header for a path; undefined when there is none. */
  header(path: string): string | undefined {
    const sent = [...this.cookies.values()].filter(
      (it) => it.path === "/" || path === it.path || path.startsWith(`${it.path}/`),
    );
    return sent.length > 0
      ? sent.map(({ name, value }) => `${name}=${value}`).join("; ")
      : undefined;
  }
}
