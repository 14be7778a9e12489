/** A request from a curl command line, as people paste it and browsers copy it. What curl would send, without sending it. */
import { readFileSync } from "node:fs";
import { CliError, reasonOf } from "../failure.ts";
import { type Asked, headerOf } from "./asked.ts";

/** Options without a value that change nothing that a gate sees. */
const IGNORED = new Set([
  ..."-s -S -i -v -k -L -f -# -g -N -0 -4 -6 -J -O -q -j".split(" "),
  ..."--silent --show-error --include --verbose --insecure --location --fail --compressed".split(
    " ",
  ),
  ..."--fail-with-body --globoff --no-buffer --http1.0 --http1.1 --http2 --http2-prior-knowledge".split(
    " ",
  ),
  ..."--http3 --ipv4 --ipv6 --progress-bar --tlsv1.2 --tlsv1.3 --no-progress-meter --disable".split(
    " ",
  ),
  ..."--remote-name --remote-header-name --location-trusted --no-keepalive --path-as-is".split(" "),
]);

/** Options whose value changes nothing that a gate sees. */
const IGNORED_WITH_VALUE = new Set([
  ..."-o -m -w -x -c -D -E -K -T".split(" "),
  ..."--output --max-time --connect-timeout --write-out --proxy --cacert --capath --cert --key".split(
    " ",
  ),
  ..."--resolve --connect-to --cookie-jar --dump-header --retry --retry-delay --interface".split(
    " ",
  ),
  ..."--limit-rate --ciphers --trace --trace-ascii --max-redirs --cert-type --unix-socket".split(
    " ",
  ),
]);

const SHORT: Record<string, string> = {
  "-X": "--request",
  "-H": "--header",
  "-d": "--data",
  "-b": "--cookie",
  "-u": "--user",
  "-A": "--user-agent",
  "-e": "--referer",
  "-I": "--head",
  "-G": "--get",
};

interface Draft {
  method?: string;
  url?: string;
  headers: [string, string][];
  data: string[];
  json: boolean;
  get: boolean;
}

type Taker = (draft: Draft, value: string) => void;

const TAKES: Record<string, Taker> = {
  "--request": (draft, value) => (draft.method = value),
  "--url": (draft, value) => (draft.url = value),
  "--header": (draft, value) => {
    const header = headerOf(value);
    if (header) draft.headers.push(header);
  },
  "--data": (draft, value) =>
    draft.data.push(dataOf(value).replace(/[\r\n]/g, (c) => (value.startsWith("@") ? "" : c))),
  "--data-ascii": (draft, value) => TAKES["--data"]!(draft, value),
  "--data-raw": (draft, value) => draft.data.push(value),
  "--data-binary": (draft, value) => draft.data.push(dataOf(value)),
  "--data-urlencode": (draft, value) => draft.data.push(urlencoded(value)),
  "--json": (draft, value) => {
    draft.json = true;
    draft.data.push(dataOf(value));
  },
  "--cookie": (draft, value) => draft.headers.push(["Cookie", value]),
  "--user": (draft, value) => {
    draft.headers.push(["Authorization", `Basic ${Buffer.from(value).toString("base64")}`]);
  },
  "--oauth2-bearer": (draft, value) => draft.headers.push(["Authorization", `Bearer ${value}`]),
  "--user-agent": (draft, value) => draft.headers.push(["User-Agent", value]),
  "--referer": (draft, value) => draft.headers.push(["Referer", value]),
};

/** `words` with or without `curl` at their head. */
export function requestOfCurl(words: string[]): Asked {
  const draft: Draft = { headers: [], data: [], json: false, get: false };
  const rest = words[0] === "curl" ? words.slice(1) : [...words];
  while (rest.length > 0) takeWord(rest.shift()!, rest, draft);
  if (draft.url === undefined)
    throw new CliError("curl_syntax", "there is no URL in the curl line");
  return finished(draft, draft.url);
}

function takeWord(word: string, rest: string[], draft: Draft): void {
  if (!word.startsWith("-") || word === "-") {
    draft.url ??= word;
    return;
  }
  let [name, value] = [word, undefined as string | undefined];
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    if (equals > 0 && !(word in TAKES))
      [name, value] = [word.slice(0, equals), word.slice(equals + 1)];
  } else if (word.length > 2) {
    // -XPOST, or several flags in one: -sSk
    name = word.slice(0, 2);
    const other = word.slice(2);
    if (IGNORED.has(name) || name === "-I" || name === "-G") rest.unshift(`-${other}`);
    else value = other;
  }
  const long = SHORT[name] ?? name;
  if (long === "--head") draft.method ??= "HEAD";
  else if (long === "--get") draft.get = true;
  else if (TAKES[long]) {
    const given = value ?? rest.shift();
    if (given === undefined) throw new CliError("curl_syntax", `${name} needs a value`);
    TAKES[long](draft, given);
  } else if (IGNORED_WITH_VALUE.has(name)) {
    if (value === undefined) rest.shift();
  } else if (!IGNORED.has(name)) {
    throw new CliError(
      "curl_option",
      `curl's ${name} is not understood here`,
      "take it away when it does not matter for the request",
    );
  }
}

function finished(draft: Draft, url: string): Asked {
  const { headers } = draft;
  const has = (name: string) => headers.some(([it]) => it.toLowerCase() === name.toLowerCase());
  const add = (name: string, value: string) => !has(name) && headers.push([name, value]);
  const body = draft.data.join(draft.json ? "" : "&");
  const hasBody = draft.data.length > 0 && !draft.get;
  const full = draft.get && body ? `${url}${url.includes("?") ? "&" : "?"}${body}` : url;
  if (hasBody)
    add("Content-Type", draft.json ? "application/json" : "application/x-www-form-urlencoded");
  add("Accept", draft.json ? "application/json" : "*/*");
  add("User-Agent", "curl");
  return {
    method: draft.method ?? (hasBody ? "POST" : "GET"),
    url: full,
    headers,
    ...(hasBody ? { body } : {}),
  };
}

function dataOf(value: string): string {
  if (!value.startsWith("@")) return value;
  try {
    return readFileSync(value.slice(1), "utf8");
  } catch (error) {
    throw new CliError("file_unreadable", `${value.slice(1)}: ${reasonOf(error)}`);
  }
}

/** `name=content`, `=content` or `content`. */
function urlencoded(value: string): string {
  const equals = value.indexOf("=");
  if (equals < 0) return encodeURIComponent(value);
  const content = encodeURIComponent(value.slice(equals + 1));
  return equals === 0 ? content : `${value.slice(0, equals)}=${content}`;
}
