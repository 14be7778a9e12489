/**
 * A request from a curl command line, as people paste it and browsers copy it: what curl would
 * send, without sending it.
 */
import { CliError } from "../failure.ts";
import { SourceFile } from "../source/file.ts";
import { type Asked, headerOf } from "./asked.ts";
import { multipart } from "./multipart.ts";

/** Options without a value that do not change what a middleware sees. */
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

/** Options with a value that do not change what a middleware sees. */
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
  "-F": "--form",
  "-:": "--next",
};

interface Draft {
  method?: string;
  url?: string;
  headers: [string, string][];
  data: string[];
  form: string[];
  json: boolean;
  get: boolean;
}

type Taker = (draft: Draft, value: string) => void | Promise<void>;

const TAKES: Record<string, Taker> = {
  "--request": (draft, value) => {
    draft.method = value;
  },
  "--url": takeUrl,
  "--header": (draft, value) => {
    const header = headerOf(value);
    if (header) draft.headers.push(header);
  },
  "--data": async (draft, value) => {
    const text = await dataOf(value);
    draft.data.push(value.startsWith("@") ? text.replace(/[\r\n]/g, "") : text);
  },
  "--data-ascii": (draft, value) => TAKES["--data"]!(draft, value),
  "--data-raw": (draft, value) => {
    draft.data.push(value);
  },
  "--data-binary": async (draft, value) => {
    draft.data.push(await dataOf(value));
  },
  "--data-urlencode": (draft, value) => {
    draft.data.push(urlencoded(value));
  },
  "--json": async (draft, value) => {
    draft.json = true;
    draft.data.push(await dataOf(value));
  },
  "--form": (draft, value) => {
    draft.form.push(value);
  },
  "--form-string": (draft, value) => {
    draft.form.push(value);
  },
  "--cookie": (draft, value) => {
    draft.headers.push(["Cookie", value]);
  },
  "--user": (draft, value) => {
    draft.headers.push(["Authorization", `Basic ${Buffer.from(value).toString("base64")}`]);
  },
  "--oauth2-bearer": (draft, value) => {
    draft.headers.push(["Authorization", `Bearer ${value}`]);
  },
  "--user-agent": (draft, value) => {
    draft.headers.push(["User-Agent", value]);
  },
  "--referer": (draft, value) => {
    draft.headers.push(["Referer", value]);
  },
};

const ONE = "explain looks at one request: give each by itself";

function takeUrl(draft: Draft, url: string): void {
  if (draft.url !== undefined) {
    throw new CliError("curl_several", `there are two URLs: ${draft.url} and ${url}`, ONE);
  }
  draft.url = url;
}

/** Forms in which browsers copy a request for other programs. */
const OTHERS: [RegExp, string][] = [
  [/^(Invoke-(WebRequest|RestMethod)|iwr|irm|\$\w+)\s/i, "PowerShell"],
  [/^(await )?fetch\(/, "JavaScript"],
  [/^wget\s/, "wget"],
];

/** `words` with or without `curl` before them. */
export async function requestOfCurl(words: string[]): Promise<Asked> {
  const [first = ""] = words;
  const other = OTHERS.find(([shape]) => shape.test(`${words.join(" ")} `))?.[1];
  if (other !== undefined) {
    throw new CliError(
      "curl_syntax",
      `this is a request for ${other}`,
      'copy it "as cURL (bash)", or give METHOD and URL with -H and -d',
    );
  }
  const draft: Draft = { headers: [], data: [], form: [], json: false, get: false };
  const rest = /^curl(\.exe)?$/.test(first) ? words.slice(1) : [...words];
  while (rest.length > 0) await takeWord(rest.shift()!, rest, draft);
  if (draft.url === undefined)
    throw new CliError("curl_syntax", "there is no URL in the curl line");
  return finished(draft, draft.url);
}

async function takeWord(word: string, rest: string[], draft: Draft): Promise<void> {
  if (!word.startsWith("-") || word === "-") return takeUrl(draft, word);
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
  if (long === "--next") {
    throw new CliError("curl_several", `curl's ${name} begins another request`, ONE);
  }
  if (long === "--head") draft.method ??= "HEAD";
  else if (long === "--get") draft.get = true;
  else if (TAKES[long]) {
    const given = value ?? rest.shift();
    if (given === undefined) throw new CliError("curl_syntax", `${name} needs a value`);
    await TAKES[long](draft, given);
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
  if (draft.form.length > 0) {
    if (draft.data.length > 0) {
      throw new CliError("curl_syntax", "curl takes --form or --data, not both");
    }
    const { type, body: parts } = multipart(draft.form);
    add("Content-Type", type);
    add("Accept", "*/*");
    add("User-Agent", "curl");
    return { method: draft.method ?? "POST", url, headers, body: parts };
  }
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

async function dataOf(value: string): Promise<string> {
  return value.startsWith("@") ? (await SourceFile.read(value.slice(1))).text : value;
}

/** `name=content`, `=content` or `content`. */
function urlencoded(value: string): string {
  const equals = value.indexOf("=");
  if (equals < 0) return encodeURIComponent(value);
  const content = encodeURIComponent(value.slice(equals + 1));
  return equals === 0 ? content : `${value.slice(0, equals)}=${content}`;
}
