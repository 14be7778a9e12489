/**
 * Request URIs as Go's net/url parses and writes them: what the guest reads with get_uri, what
 * set_uri accepts, and what Traefik's proxy makes of it. Strings have one-byte characters.
 */

const UNESCAPED = /[0-9A-Za-z\-_.~$&+,/:;=@]/;
/** Further characters of a path's raw form: RFC 3986's other sub-delims, brackets, and escapes. */
const RAW = /^[0-9A-Za-z\-_.~$&+,/:;=@!'()*[\]%]*$/;
const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const CONTROL = /[\u0000-\u001f\u007f]/;
const SCHEME = /^([A-Za-z][A-Za-z0-9+\-.]*):/;

/** A path's default escaping. */
function escapePath(path: string): string {
  return [...path]
    .map((c) =>
      UNESCAPED.test(c) ? c : `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    )
    .join("");
}

/** The decoded bytes, or null for a malformed escape. */
function unescapePath(text: string): string | null {
  if (BAD_ESCAPE.test(text)) return null;
  return text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** path.Clean for a path that starts with a slash. */
function clean(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(segment);
  }
  return `/${kept.join("/")}`;
}

export class RequestUri {
  /** Set for a request line in absolute form. */
  host = "";
  path = "";
  /** The path as written, if that is not the default escaping. */
  rawPath = "";
  rawQuery = "";
  forceQuery = false;

  /** url.ParseRequestURI; null where that fails. */
  static parse(text: string): RequestUri | null {
    if (text === "" || CONTROL.test(text)) return null;
    const uri = new RequestUri();
    if (text === "*") {
      uri.path = "*";
      return uri;
    }
    const scheme = SCHEME.exec(text);
    let rest = scheme ? text.slice(scheme[0].length) : text;
    const question = rest.indexOf("?");
    if (question >= 0) {
      uri.rawQuery = rest.slice(question + 1);
      uri.forceQuery = uri.rawQuery === "";
      rest = rest.slice(0, question);
    }
    if (!rest.startsWith("/")) return null;
    if (scheme && rest.startsWith("//")) {
      const slash = rest.indexOf("/", 2);
      uri.host = rest.slice(2, slash < 0 ? undefined : slash);
      rest = slash < 0 ? "" : rest.slice(slash);
    }
    return uri.setPath(rest) ? uri : null;
  }

  setPath(text: string): boolean {
    const path = unescapePath(text);
    if (path === null) return false;
    this.path = path;
    this.rawPath = escapePath(path) === text ? "" : text;
    return true;
  }

  /** The raw form if it is valid for the path, else the default escaping. */
  get escapedPath(): string {
    if (this.rawPath !== "" && RAW.test(this.rawPath)) {
      if (unescapePath(this.rawPath) === this.path) return this.rawPath;
    }
    return this.path === "*" ? "*" : escapePath(this.path);
  }

  get query(): string {
    return this.forceQuery || this.rawQuery !== "" ? `?${this.rawQuery}` : "";
  }

  toString(): string {
    return (this.escapedPath || "/") + this.query;
  }

  /**
   * URL.JoinPath without an element: resolves dot segments and repeated slashes in the escaped
   * form.
   */
  clean(): void {
    const escaped = this.escapedPath;
    if (escaped === "*") return;
    const path = clean(escaped);
    this.setPath(escaped.endsWith("/") && !path.endsWith("/") ? `${path}/` : path);
  }

  copy(): RequestUri {
    return Object.assign(new RequestUri(), this);
  }
}
