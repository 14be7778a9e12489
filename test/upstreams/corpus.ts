/** Requests that ask for `secrets: true` in ways that some parser may take for it, and some that do not ask for it. */
import type { WireRequest } from "../../src/guest/entrypoint.ts";

export interface Attempt extends WireRequest {
  /** What it tries; several attempts are of one class. */
  class: string;
  method: "GET" | "POST";
  headers: [string, string][];
  target: string;
  body: string | Buffer;
}

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";
const MULTIPART_TYPE = "multipart/form-data; boundary=b";

/** Names as they would be read; `\0` and others are escaped by where they stand. */
const NAMES = [
  ...[
    "secrets",
    "Secrets",
    "SECRETS",
    "sEcReTs",
    "\u017fecrets",
    "secret\u017f",
    "\u017fECRET\u017f",
  ],
  ...[" secrets", "secrets ", "\tsecrets", "secrets\n", "secrets\0", "secrets\0x", "\0secrets"],
  ...[
    "secrets[]",
    "secrets[0]",
    "secrets[a]",
    "secrets[a][b]",
    "secrets[",
    "secrets]",
    "[secrets]",
  ],
  ...["[secrets][]", "secrets.", "secrets.a", ".secrets", "_secrets", "secrets_", "sec_rets"],
  ...[
    "sec-rets",
    "sec.rets",
    "sec rets",
    "+secrets",
    "\ufeffsecrets",
    "secrets\u200b",
    "\u00a0secrets",
  ],
  ...["nested[secrets]", "nested.secrets", "__proto__[secrets]", "constructor[prototype][secrets]"],
  ...["x", "secretsx", "xsecrets", "secret", "s\u00e9crets", ""],
];
const VALUES = ["true", "1", "on", "yes", "false", ""];

const escaped = (text: string) =>
  Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
/** What a client would send, with as few escapes as it takes. */
const plain = (text: string) =>
  text.replace(/[^\w.\-[\]]/g, (it) => (it === " " ? "+" : escaped(it)));

function query(kind: string, text: string): Attempt {
  return { class: `query: ${kind}`, method: "GET", headers: [], target: `/read?${text}`, body: "" };
}

function body(kind: string, content: string | Buffer, types: string | string[]): Attempt {
  const headers = [types].flat().map((type): [string, string] => ["Content-Type", type]);
  return { class: `body: ${kind}`, method: "POST", headers, target: "/read", body: content };
}

const QUERIES = NAMES.flatMap((name) =>
  VALUES.flatMap((value) => [
    query("name", `${plain(name)}=${value}`),
    query("name, escaped", `${escaped(name)}=${escaped(value)}`),
    query("beside no", `secrets=false&${plain(name)}=${value}`),
    query("before no", `${plain(name)}=${value}&secrets=false`),
  ]),
);

const MORE_QUERIES = [
  ...[
    "%2573ecrets=true",
    "%u0073ecrets=true",
    "%zz&secrets=true",
    "sec%rets=true",
    "%ffsecrets=true",
  ],
  ...[
    "x=1;secrets=true",
    "x;secrets=true;y",
    "a=b&amp;secrets=true",
    "&&secrets=true",
    "?secrets=true",
  ],
  ...["secrets", "secrets=", "=secrets", "secrets==true", "secrets%3dtrue", "secrets=true%00"],
  ...["secrets=false%00true", "secrets=false,true", "secrets=false&secrets=false", "secrets:=true"],
].map((text) => query("syntax", text));

const member = (name: string, value: string) => `${JSON.stringify(name)}:${value}`;
const SHAPES: [string, (name: string, value: string) => string][] = [
  ["member", (name, value) => `{${member(name, value)}}`],
  ["escaped", (name, value) => `{"${[...name].map(unicode).join("")}":${value}}`],
  ["after no", (name, value) => `{"secrets":false,${member(name, value)}}`],
  ["before no", (name, value) => `{${member(name, value)},"secrets":false}`],
  ["in a list", (name, value) => `[{"x":1},{${member(name, value)}}]`],
  ["in lists", (name, value) => `[[{${member(name, value)}}]]`],
  ["prototype", (name, value) => `{"__proto__":{${member(name, value)}}}`],
  ["nested", (name, value) => `{"nested":{${member(name, value)}}}`],
  ["nested, in any case", (name, value) => `{"NE\u017fTED":{${member(name, value)}}}`],
];
const unicode = (it: string) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`;

const BODIES = SHAPES.flatMap(([kind, shape]) =>
  NAMES.flatMap((name) =>
    ["true", "1", '"true"', "false", "[true]"].map((value) =>
      body(kind, shape(name, value), JSON_TYPE),
    ),
  ),
);

const part = (name: string, value: string, more = "") =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n--b--\r\n`;

/** Not what a JSON parser would read, or not only. */
const CONTENTS: [string, string | Buffer][] = [
  ["JSON", '{"secrets":true}'],
  ["no", '{"secrets":false}'],
  ["nothing", ""],
  ["a form", "secrets=true"],
  ["JSON and a form", '{"x":"&secrets=true&y="}'],
  ["JSON and a form, with parts", '{"x":"&secrets[]=true&y="}'],
  ["a text and a form", '"&secrets=true&"'],
  ["multipart", part("secrets", "true")],
  ["multipart, a file", part("secrets", "true", '; filename="a"')],
  ["JSON and multipart", `{"x":"\\r\\n${part("secrets", "true").replaceAll("\r\n", "")}"}`],
  ["UTF-7", '{"x":"+ACI-,+ACI-secrets+ACI-:true,+ACI-y+ACI-:+ACI-"}'],
  ["UTF-16", Buffer.from('{"secrets":true}', "utf16le")],
  ["UTF-16 with a mark", Buffer.from('\ufeff{"secrets":true}', "utf16le")],
  ["UTF-8 with a mark", '\ufeff{"secrets":true}'],
  ["two documents", '{}\n{"secrets":true}'],
  ["comments", '{/*"*/"secrets":true/*"*/}'],
  ["not a number", '{"a":NaN,"secrets":true}'],
];
const TYPES: (string | string[])[] = [
  ...[JSON_TYPE, "application/vnd.api+json", "Application/JSON; Charset=UTF-8", FORM_TYPE],
  ...[`${FORM_TYPE}; charset=utf-8`, MULTIPART_TYPE, "Multipart/Form-Data; Boundary=b"],
  ...["application/json; charset=utf-7", "application/json; charset=utf-16le", "text/plain", ""],
  ...[
    "application/json; boundary=b",
    `${JSON_TYPE}, ${FORM_TYPE}`,
    `${FORM_TYPE}; a=application/json`,
  ],
  ...[[], [JSON_TYPE, FORM_TYPE], [FORM_TYPE, JSON_TYPE], [MULTIPART_TYPE, JSON_TYPE]],
];
const CONTENT = CONTENTS.flatMap(([kind, content]) =>
  TYPES.map((types) => body(`content, ${kind}`, content, types)),
);

/** A second header that some servers take for the type. */
const ALIASES = ["Content_Type", "Content.Type"].map((name): Attempt => {
  const it = body("alias of the type", '{"x":"&secrets=true&y="}', JSON_TYPE);
  return { ...it, headers: [...it.headers, [name, FORM_TYPE]] };
});

export const ATTEMPTS: Attempt[] = [...QUERIES, ...MORE_QUERIES, ...BODIES, ...CONTENT, ...ALIASES];
