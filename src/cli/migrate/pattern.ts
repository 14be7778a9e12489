/** Regular expressions about paths as functions of a rule's `match`, where they say the same; else null. */

export interface Match {
  /** As in `Path(…)` and `PathPrefix(…)`. */
  text: string;
  /** It holds for less than the expression did: whole segments, or only from the beginning. */
  isNarrower: boolean;
  /** It holds for the folder itself as well, where the expression asked for something below it. */
  isWider: boolean;
}

/** `^/a$`, `^/a`, `^/a/.*`, `^/a([/?].*)?$`, `^/(a|b)`, `[^/]+` for a segment. */
export function matchOfRegex(regex: string): Match | null {
  const anchored = regex.startsWith("^");
  const text = regex.replace(/^\^/, "");
  const options = alternatives(text);
  if (!anchored || options === null) return null;
  const matches = options.map(one);
  if (matches.some((it) => it === null)) return null;
  const all = matches as Part[];
  const calls = (["Path", "PathPrefix"] as const).flatMap((kind) => {
    const paths = all.filter((it) => it.kind === kind).map(({ path }) => `\`${path}\``);
    return paths.length > 0 ? [`${kind}(${paths.join(", ")})`] : [];
  });
  return {
    text: calls.join(" || "),
    isNarrower: all.some(({ isNarrower }) => isNarrower),
    isWider: all.some(({ isWider }) => isWider),
  };
}

/** One group of alternatives at most. */
function alternatives(text: string): string[] | null {
  const group = /\((?:\?:)?((?:[^()|?*+[\]]+\|)+[^()|?*+[\]]+)\)(?![?*+])/.exec(text);
  if (!group) return [text];
  const [whole, inner = ""] = group;
  const before = text.slice(0, group.index);
  const after = text.slice(group.index + whole.length);
  return inner.split("|").map((option) => before + option + after);
}

const OPEN_END =
  /(\(\[\/\?\]\.\*\)\?|\(\/\.\*\)\?|\(\/\|\$\)|\(\?:\/\.\*\)\?|\/\?\.\*|\/\.\*|\/\.\+)\$?$/;

interface Part {
  kind: "Path" | "PathPrefix";
  path: string;
  isNarrower: boolean;
  isWider: boolean;
}

function one(text: string): Part | null {
  const open = OPEN_END.exec(text);
  if (open) {
    const path = literal(text.slice(0, open.index));
    const isWider = open[1] === "/.*" || open[1] === "/.+";
    return path === null
      ? null
      : {
          kind: "PathPrefix",
          path: path || "/",
          isNarrower: false,
          isWider: isWider && path !== "",
        };
  }
  if (text.endsWith("$")) {
    const path = literal(text.slice(0, -1));
    return path === null ? null : { kind: "Path", path, isNarrower: false, isWider: false };
  }
  const bare = text.replace(/\.\*$/, "");
  const path = literal(bare.replace(/\/$/, ""));
  if (path === null) return null;
  // `^/api` holds for /apiX too; PathPrefix only for whole segments, and for /api itself.
  const endsOpen = bare.endsWith("/");
  return {
    kind: "PathPrefix",
    path: path || "/",
    isNarrower: !endsOpen,
    isWider: endsOpen && path !== "",
  };
}

/** What people should know of a rule that is not quite what the expression was. */
export function differenceOf(
  what: string,
  { isNarrower, isWider }: Pick<Match, "isNarrower" | "isWider">,
): string[] {
  return [
    ...(isNarrower
      ? [`${what} was for paths that begin with these characters; the rule is for whole segments`]
      : []),
    ...(isWider ? [`${what} was for what is below; the rule is for the path itself as well`] : []),
  ];
}

/** A path without any operator but `[^/]+`. */
function literal(text: string): string | null {
  const path = text.replace(/\[\^\/\][+*]/g, "*").replace(/\\([./\-_])/g, "$1");
  const rest = path.replace(/(^|\/)\*(?=\/|$)/g, "$1");
  if (/[\\^$*+?()[\]{}|`]/.test(rest) || /(^|[^\\])\./.test(text.replace(/\\\./g, ""))) return null;
  return path === "" || path.startsWith("/") ? path : null;
}

/** A path in which nothing stands for anything else, as a pattern: `/api/*` is for an asterisk. */
export function asSuch(path: string): string {
  const code = (it: string) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`;
  return path.replace(/[*{}[\]^|$+]/g, code);
}

/** A prefix of characters as one of segments; `/api/` is for what is below /api. */
export function prefixOf(path: string): string {
  const trimmed = asSuch(path).replace(/\/+$/, "");
  return trimmed === "" ? "PathPrefix(`/`)" : `PathPrefix(\`${trimmed}\`)`;
}
