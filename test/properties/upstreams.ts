/**
 * How applications behind the plugin read a path: models, each from the bytes on the wire to the decoded segments that
 * it routes by. All text is of one-byte characters.
 */

export interface UpstreamModel {
  name: string;
  /** The path that it routes by. */
  read(path: string): string;
  /** Whether dot segments stand in what it decodes, before it resolves them. */
  meetsDots(path: string): boolean;
}

/** Percent-decoding as most do it: what is no escape stays. */
export function decode(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}

/** RFC 3986 §5.2.4, with repeated slashes made one. */
function resolve(path: string): string {
  const kept: string[] = [];
  const segments = path.split("/").slice(1);
  for (const segment of segments) {
    if (segment === "..") kept.pop();
    else if (segment !== "." && segment !== "") kept.push(segment);
  }
  const open = ["", ".", ".."].includes(segments.at(-1) ?? "") && kept.length > 0;
  return `/${kept.join("/")}${open ? "/" : ""}`;
}

const hasDots = (path: string) => path.split(/[/\\]/).some((it) => it === "." || it === "..");
/** What a file system or a C library makes of it. */
const cut = (path: string) => path.replace(/[?#\0].*$/s, "");
const withoutParameters = (path: string) => path.replace(/;[^/]*/g, "");

function model(name: string, before: (path: string) => string, dots = true): UpstreamModel {
  return {
    name,
    read: (path) => (dots ? resolve(before(path)) : before(path)),
    meetsDots: (path) => hasDots(before(path)),
  };
}

export const UPSTREAMS: UpstreamModel[] = [
  model("uvicorn: decodes once, then routes", decode, false),
  model("nginx: decodes once, then resolves dots and slashes", decode),
  model("Tomcat: cuts parameters, decodes, resolves", (path) => decode(withoutParameters(path))),
  model("one that decodes, then cuts parameters", (path) => withoutParameters(decode(path))),
  model("Windows: the other slash as well", (path) => decode(path).replaceAll("\\", "/")),
  model("one that decodes, then cuts off the query", (path) => cut(decode(path))),
  model("one that decodes twice, then routes", (path) => decode(decode(path)), false),
  model("one that decodes twice and resolves", (path) => decode(decode(path))),
];

/** The plain spelling of a decoded path: everything escaped but slashes and unreserved characters. */
export function encode(path: string): string {
  return path.replace(/[^A-Za-z0-9\-._~/]/g, (it) => {
    const hex = it.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0");
    return `%${hex}`;
  });
}
