/** Random requests near a rule set: paths out of its patterns, and everything else out of the shared vocabulary. */
import type { WireRequest } from "../../../src/guest/entrypoint.ts";
import type { Dice } from "../../support/dice.ts";
import { namesOf, utf8 } from "./json.ts";
import { unescaped } from "./paths.ts";
import type { Aims } from "./random-rules.ts";
import * as words from "./vocabulary.ts";

export function randomRequest(dice: Dice, aims: Aims, authorization: string | null): WireRequest {
  const headers: [string, string][] = [["Host", randomHost(dice)]];
  if (authorization !== null) headers.push(["Authorization", authorization]);
  for (let count = dice.below(4); count > 0; count--) {
    const name = dice.pick(words.HEADER_NAMES);
    headers.push([dice.chance(3) ? name.toUpperCase() : name, dice.pick(words.HEADER_VALUES)]);
  }
  if (!dice.chance(12)) headers.push(["Content-Type", dice.pick(words.CONTENT_TYPES)]);
  for (const [name, value] of argumentsOf(dice, aims, "Header")) headers.push([name!, value!]);
  if (dice.chance(30)) headers.push(["Content-Encoding", "gzip"]);
  let method = dice.chance(2) ? "GET" : dice.pick(words.METHODS);
  if (dice.chance(8)) {
    headers.push(["Connection", dice.pick(["Upgrade", "keep-alive, upgrade", "close"])]);
    const aimed = argumentsOf(dice, aims, "Upgrade").flat();
    headers.push(["Upgrade", dice.pick([...words.OFFERS, ...aimed, ...aimed])]);
    if (!dice.chance(5)) method = "GET";
  }
  return {
    method: dice.chance(40) ? method.toLowerCase() : method,
    target: randomPath(dice, aims) + randomQuery(dice, aims),
    headers,
    body: dice.chance(2) ? "" : randomBody(dice, aims),
    remote: `${dice.pick(words.ADDRESSES)}:${dice.between(1024, 65_535)}`,
    entryPoint: { sanitizePath: !dice.chance(3) },
  };
}

function randomHost(dice: Dice): string {
  const host = dice.pick(words.HOSTS);
  const cased = dice.chance(4) ? host.toUpperCase() : host;
  return cased + dice.pick(["", "", "", ":8443", ".", ".:80"]);
}

/** Of some calls of a function. */
function argumentsOf(dice: Dice, { calls }: Aims, name: string): string[][] {
  return calls.filter((call) => call.name === name && dice.chance(2)).map(({ args }) => args);
}

function randomPath(dice: Dice, { calls, words: captured }: Aims): string {
  const patterns = calls.flatMap(({ name, args }) => (name.startsWith("Path") ? args : []));
  const pattern =
    patterns.length === 0 || dice.chance(6) ? randomPattern(dice) : dice.pick(patterns);
  const segments = utf8(pattern)
    .slice(1)
    .split("/")
    .flatMap((segment) => {
      if (segment === "**") return dice.times(dice.below(4), () => utf8(dice.pick(words.SEGMENTS)));
      if (segment === "*") return [utf8(dice.pick(words.SEGMENTS))];
      if (segment.startsWith("{")) return [utf8(capturable(dice, captured[segment[1]!]!))];
      return [segment.replace("*", () => utf8(dice.pick(["", "x", "café"])))];
    })
    .map((segment) => escaped(dice, unescaped(segment)));
  if (dice.chance(4)) segments.push(escaped(dice, utf8(dice.pick(words.SEGMENTS))));
  if (dice.chance(6)) segments.splice(dice.below(segments.length), 1);
  if (dice.chance(6)) segments.push("");
  if (dice.chance(8)) spice(dice, segments);
  return `/${segments.join("/")}`;
}

const randomPattern = (dice: Dice) =>
  `/${dice.times(dice.between(1, 3), () => dice.pick(words.SEGMENTS)).join("/")}`;

/** Often what claims hold, so that a rule that compares them with the path can hold. */
function capturable(dice: Dice, word: string): string {
  if (dice.chance(2)) return word;
  const name = dice.pick(dice.chance(2) ? words.VALUES : words.SEGMENTS);
  return name.replaceAll("%", "").replaceAll(";", "");
}

/** Pieces that are refused, or let through only where `encodedPath` says so. */
function spice(dice: Dice, segments: string[]): void {
  const piece = dice.pick([
    ...["%2F", "%2f", "%5C", "\\", "%3F", "%23", ";", "%3B", ";v=1", "%2541", "%25%34%31", "%25zz"],
    ...[".", "..", "%2e%2e", "..;x", "..%2F", "%2F..", ".%2E;", "", "%00", "%0A", "%7F", "%FF"],
    ...["%C0%AF", "%ED%A0%80", "%F4%90%80%80", "%", "%4", "...", ".a", "..%5c"],
  ]);
  const at = dice.below(segments.length + 1);
  if (dice.chance(2) && at < segments.length) {
    segments[at] = dice.chance(2) ? piece + segments[at] : segments[at] + piece;
  } else segments.splice(at, 0, piece);
}

/** A spelling of the bytes: what must be escaped, and now and then what need not. */
function escaped(dice: Dice, bytes: string): string {
  return bytes.replace(/%25|[^]/g, (it) => {
    if (it === "%25") return it;
    if (/[A-Za-z0-9\-._~+@:$]/.test(it) && !dice.chance(12)) return it;
    const hex = it.charCodeAt(0).toString(16).padStart(2, "0");
    return `%${dice.chance(2) ? hex : hex.toUpperCase()}`;
  });
}

function randomQuery(dice: Dice, aims: Aims): string {
  if (dice.chance(3)) return "";
  const aimed = [...argumentsOf(dice, aims, "Query"), ...argumentsOf(dice, aims, "QueryOnly")];
  const parts = dice.times(dice.below(4), () => {
    const name = formEncoded(dice, disguised(dice, dice.pick(words.PARAMETERS)));
    if (dice.chance(6)) return name;
    const value = formEncoded(dice, dice.pick(words.PARAMETER_VALUES));
    return `${name}=${dice.chance(15) ? `${value}${dice.pick(["%", "%z1", "=", "%FF"])}` : value}`;
  });
  for (const [name, ...values] of aimed) {
    parts.push(`${formEncoded(dice, name!)}=${formEncoded(dice, dice.pick([...values, "false"]))}`);
  }
  return `?${parts.join(dice.chance(8) ? ";" : dice.pick(["&", "&", "&&"]))}`;
}

function formEncoded(dice: Dice, text: string): string {
  return utf8(text).replace(/[^]/g, (it) => {
    if (it === " " && dice.chance(2)) return "+";
    if (/[A-Za-z0-9_]/.test(it) && !dice.chance(12)) return it;
    return `%${it.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

/** A name that some parser takes for it, or nearly. */
function disguised(dice: Dice, name: string): string {
  if (!dice.chance(8)) return name;
  return dice.pick([
    ...[name.toUpperCase(), ` ${name}`, `${name} `, `${name}[]`, `${name}[0]`, `${name}.`],
    ...[`${name}.b`, `[${name}]`, `_${name}`, name.replaceAll("_", ""), `${name}\0`, `${name}\0b`],
    ...[name.replace("s", "\u017f"), `x${name}`, `x[${name}]`, "__proto__", `${name}s`],
  ]);
}

/** JSON near what rules ask of bodies; sometimes none, or what only looks like it. */
function randomBody(dice: Dice, aims: Aims): string | Buffer {
  const aimed = [...argumentsOf(dice, aims, "BodyJSON"), ...argumentsOf(dice, aims, "BodyOnly")];
  const text = randomMap(
    dice,
    2,
    aimed.map(([path, ...values]) => aimedMember(dice, path!, dice.pick([...values, "0"]))),
  );
  if (!dice.chance(6)) return text;
  switch (dice.below(9)) {
    case 0:
      return `\ufeff${text}`;
    case 1:
      return Buffer.from(text, "utf16le");
    case 2:
      return Buffer.from(text.replace(/"/, '"\u00ff'), "latin1");
    case 3:
      return text.slice(0, dice.below(text.length));
    case 4:
      return text + dice.pick([",", "}", "{}", " ", "\n", "\0", "x"]);
    case 5:
      return dice.pick([
        "[]",
        "1",
        '"x"',
        "null",
        '[{"x":false}]',
        `[${text}]`,
        `{"__proto__":${text}}`,
        " ",
        "\n",
        "{x:1}",
        "{'x':1}",
      ]);
    case 6:
      return text.replace(/:/, dice.pick([":NaN,", ":01,", ":+1,", ":.5,", ":1.,", ':"\\ud800",']));
    case 7:
      return dice.chance(40) ? text + " ".repeat((1 << 20) - text.length + dice.below(2)) : text;
    default:
      return text.replace(/\}$/, ",}");
  }
}

/** A member with the value at the path, other members around it. */
function aimedMember(dice: Dice, path: string, value: string): string {
  const [first, ...rest] = namesOf(path);
  const name = jsonText(dice, disguised(dice, Buffer.from(first!, "latin1").toString("utf8")));
  if (rest.length === 0) return `${name}:${value}`;
  const inner = Buffer.from(rest.join("."), "latin1").toString("utf8");
  return `${name}:${randomMap(dice, 0, [aimedMember(dice, inner, value)])}`;
}

function randomMap(dice: Dice, depth: number, aimed: readonly string[] = []): string {
  const gap = () => dice.pick(["", "", "", " ", "\n", "\t "]);
  const members = dice.times(dice.below(4), () => {
    const name = disguised(dice, dice.pick(words.BODY_KEYS));
    const value = () =>
      depth > 0 && dice.chance(3)
        ? randomMap(dice, depth - 1)
        : dice.chance(8)
          ? dice.pick(["[]", "{}", "[false]", '["text"]', "1.00", "1e0", "-0", '"fals\\u0065"'])
          : dice.pick(words.LITERALS);
    return `${gap()}${jsonText(dice, name)}${gap()}:${gap()}${value()}${gap()}`;
  });
  const all = dice.shuffled([...members, ...aimed]);
  return `${gap()}{${all.join(",") || gap()}}${gap()}`;
}

function jsonText(dice: Dice, text: string): string {
  const inner = [...text].map((it) =>
    dice.chance(10) ? `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}` : it,
  );
  return `"${inner.join("")}"`;
}
