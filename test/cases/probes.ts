/** The probes: what Traefik gives a guest, and the Node host with it. */
import { BODY_PROBES } from "./body-probes.ts";
import { FILE_PROBES } from "./file-probes.ts";
import { type ProbeCase, UPSTREAM } from "./probe.ts";

/** `target` as it stands on the request line, and the URI that the guest reads. */
const URIS: Record<string, [string, string]> = {
  "an escaped letter is decoded": ["/a%62c", "/abc"],
  "dot segments are resolved": ["/a/../b/./c", "/b/c"],
  "escaped dot segments too": ["/a/%2e%2E/b", "/b"],
  "repeated slashes are one": ["//a///b/", "/a/b/"],
  "more dots than segments": ["/../../a", "/a"],
  "a semicolon in a query": ["/a?x=1;y=2", "/a?x=1&y=2"],
  "an escaped slash stays": ["/a%2Fb", "/a%2Fb"],
  "escapes are written in capitals": ["/a%2fb%5cc", "/a%2Fb%5Cc"],
  "an escaped question mark and hash stay": ["/a%3Fb%23c", "/a%3Fb%23c"],
  "an escaped percent stays": ["/a%252Fb", "/a%252Fb"],
  "NUL and line feed stay": ["/a%00b%0Ac", "/a%00b%0Ac"],
  "a semicolon in a path stays": ["/a;b=c/%3Bd", "/a;b=c/%3Bd"],
  "invalid and overlong UTF-8 stay": ["/a%FF%C0%AF", "/a%FF%C0%AF"],
  "a backslash is escaped": ["/a\\b", "/a%5Cb"],
  "a space is escaped": ["/a%20b", "/a%20b"],
  "a raw byte above ASCII is escaped": ["/a\u00e9", "/a%E9"],
  "such a byte lets an escaped slash be decoded": ["/a%2F\u00e9", "/a/%E9"],
  "sub-delims stay": ["/a!$&'()*+,=:@b", "/a!$&'()*+,=:@b"],
  "escaped sub-delims stay": ["/a%21%28%29%2A", "/a%21%28%29%2A"],
  "quotes and angle brackets are escaped": ['/a"<>`{|}^', "/a%22%3C%3E%60%7B%7C%7D%5E"],
  "brackets stay": ["/a[b]", "/a[b]"],
  "an empty query stays": ["/a?", "/a?"],
  "an escaped dot segment behind a slash": ["/a/%2e%2e%2fb", "/a/..%2Fb"],
  "the absolute form": ["http://other.example/a/b?c", "/a/b?c"],
  "the absolute form without a path": ["http://other.example", "/"],
};

const REFUSED: Record<string, string> = {
  "a fragment": "/a#b",
  "an escape that is none": "/a%zz",
  "a relative target": "a/b",
  "an unfinished escape": "/a%2",
};

export const PROBES: ProbeCase[] = [
  ...Object.entries(URIS).map(([name, [target, uri]]) => ({
    name: `get_uri: ${name}`,
    target,
    steps: "uri|respond",
    expect: { status: 200, body: `uri=${uri}\n` },
  })),
  ...Object.entries(URIS).map(([name, [target, uri]]) => ({
    name: `forwarded: ${name}`,
    target,
    steps: "uri",
    expect: { upstream: { target: uri } },
  })),
  ...Object.entries(REFUSED).map(([name, target]) => ({
    name: `refused before the guest: ${name}`,
    target,
    steps: "respond",
    expect: { status: 400 },
  })),
  {
    name: "a result over the limit is not written, its length is told",
    target: "/twelve-bytes",
    steps: "short|respond",
    expect: { body: "short=13\n" },
  },
  {
    name: "method, protocol and the connection's address",
    method: "PURGE",
    steps: "method|protocol|source|respond",
    expect: { body: /^method=PURGE\nprotocol=HTTP\/1\.1\nsource=127\.0\.0\.1:\d+\n$/ },
  },
  {
    name: "values of a header come NUL-separated, in any case of the name",
    headers: [
      ["X-List", "a"],
      ["x-LIST", "b, c"],
      ["X-Empty", ""],
    ],
    steps: "values x-list|values X-Empty|values x-missing|respond",
    expect: { body: "x-list=a\\0b, c\nX-Empty=\nx-missing=\n" },
  },
  {
    name: "Host is r.Host, and the absolute form's host wins",
    target: "http://other.example/a",
    headers: { Host: "first.example" },
    steps: "values host|values x-forwarded-host|respond",
    expect: { body: "host=other.example\nx-forwarded-host=other.example\n" },
  },
  {
    name: "setting Host changes nothing that is forwarded",
    headers: { Host: "first.example:8080" },
    steps: "set Host second.example|values host",
    expect: { upstream: { headers: { Host: "first.example:8080" } } },
  },
  {
    name: "names are sorted and in lower case, with host and what Traefik adds",
    headers: { Accept: "*/*", "X_A.b~C": "1", "x-zz": "2" },
    steps: "names|respond",
    expect: {
      body: "names=accept\\0host\\0x-forwarded-host\\0x-forwarded-port\\0x-forwarded-proto\\0x-forwarded-server\\0x-probe\\0x-probe-after\\0x-real-ip\\0x-zz\\0x_a.b~c\n",
    },
  },
  {
    name: "X-Forwarded-* of a client are replaced, its other aliases reach the upstream",
    headers: {
      Host: "first.example:8080",
      "X-Forwarded-For": "10.0.0.1",
      X_Forwarded_Host: "evil.example",
      "X-Forwarded-Proto": "https",
      "X-Forwarded-User": "root",
      X_Forwarded_User: "root",
      "X.Forwarded.User": "root",
      "X~Forwarded~User": "root",
    },
    steps: "uri",
    expect: {
      upstream: {
        headers: {
          "X-Forwarded-For": "127.0.0.1",
          "X-Forwarded-Host": "first.example:8080",
          "X-Forwarded-Port": "8080",
          "X-Forwarded-Proto": "http",
          "X-Forwarded-User": "root",
          X_Forwarded_User: "root",
          "X.Forwarded.User": "root",
          "X~Forwarded~User": "root",
        },
        absent: ["X_Forwarded_Host"],
      },
    },
  },
  {
    name: "request headers are set, added and removed",
    headers: { "X-Old": "1", "X-Kept": "2" },
    steps: "set x-new 1|add X-NEW 2|set x-kept a b|remove x-old",
    expect: { upstream: { headers: { "X-New": "1, 2", "X-Kept": "a b" }, absent: ["X-Old"] } },
  },
  {
    name: "set_uri changes what is forwarded, and the query",
    target: "/a?b=c",
    steps: "set-uri /d%2Fe?f;g",
    expect: { upstream: { target: "/d%2Fe?f&g" } },
  },
  {
    name: "set_uri to nothing is the root",
    target: "/a?b=c",
    steps: "set-uri ",
    expect: { upstream: { target: "/" } },
  },
  {
    name: "set_uri to what cannot be parsed traps",
    steps: "set-uri a%zz",
    expect: { status: 500, body: /invalid URI for request/ },
  },
  { name: "a trap is a 500", steps: "trap", expect: { status: 500, body: /unreachable/ } },
  {
    name: "an empty method traps",
    steps: "set-method ",
    expect: { status: 500, body: /HTTP method cannot be empty/ },
  },
  {
    name: "the guest's own answer: headers before the status count, later ones are lost",
    steps: "response-set X-A 1|response-add X-A 2|status 418|response-set X-B 1|uri|respond",
    target: "/tea",
    expect: { status: 418, body: "uri=/tea\n", headers: { "X-A": "1, 2" }, absent: ["X-B"] },
  },
  {
    name: "an answer without a status is a 200",
    steps: "stop",
    expect: { status: 200, body: "" },
  },
  {
    name: "a body with 204 traps",
    steps: "status 204|uri|respond",
    expect: { status: 204, body: "" },
  },
  {
    name: "the request's body is read to its end",
    method: "POST",
    body: "hello",
    steps: "body 0|respond",
    expect: { body: "body=hello end\n" },
  },
  {
    name: "the request's body, read and written back, goes on",
    method: "POST",
    body: "hello",
    steps: "body 0|write-body 0 hel|write-body 0 lo",
    expect: { body: UPSTREAM, upstream: { headers: { "Content-Length": "5" } } },
  },
  {
    name: "the configuration: sorted, with HTML's characters escaped",
    steps: "config|respond",
    expect: { body: 'config={"a":{"y":["x"],"z":"1"},"b":"\\u003c\\u0026\\u003e"}\n' },
  },
  {
    name: "random_get gives the same bytes every time",
    steps: "random|respond",
    expect: { body: "random=1bbf64b1967f8c53\n" },
  },
  {
    name: "environment and mounts",
    steps: "environment|mount 6|mount 5|mount 7|respond",
    expect: {
      body: "environment=PROBE=one two;\nmount=/state\nmount=/stat\nmount=errno 37\n",
    },
  },
  ...FILE_PROBES,
  ...BODY_PROBES,
  {
    name: "the response's status cannot be read without buffering",
    steps: "uri",
    after: "get-status",
    expect: { broken: true },
  },
  {
    name: "with buffering the guest changes the response",
    steps: "buffer",
    after:
      "status 202|response-set X-After {context}-{error}|response-remove Content-Length|write-body 1 new",
    expect: { status: 202, body: "new", headers: { "X-After": "7-0" } },
  },
  {
    name: "a trap in handle_response breaks the connection, with buffering too",
    steps: "buffer",
    after: "trap",
    expect: { broken: true },
  },
  {
    name: "an upstream that dies in its body: the client gets a complete response",
    target: "/?upstream=truncate",
    steps: "uri",
    expect: { status: 200, body: UPSTREAM },
  },
  {
    name: "the guest is told of it, and a trap then breaks the connection",
    target: "/?upstream=truncate",
    steps: "uri",
    after: "trap-if-error",
    expect: { broken: true },
  },
  {
    name: "with response buffering the guest is told of it, and the status is the upstream's",
    target: "/?upstream=truncate",
    steps: "buffer",
    after: "response-set X-After {error}-{status}|response-remove Content-Length|write-body 1 new",
    expect: { status: 200, body: "new", headers: { "X-After": "1-200" } },
  },
  {
    name: "with `buffering` behind nothing of such a response is there",
    target: "/?upstream=truncate",
    buffered: true,
    steps: "buffer",
    after: "response-set X-After {error}-{status}",
    expect: { status: 200, body: "", headers: { "X-After": "1-200" }, absent: ["Content-Type"] },
  },
  {
    name: "with `buffering` behind a trap then is an answer of Traefik's",
    target: "/?upstream=truncate",
    buffered: true,
    steps: "uri",
    after: "trap-if-error",
    expect: { status: 500, body: /^Internal Server Error/ },
  },
  {
    name: "no answer at all is one of Traefik's, and no error",
    target: "/?upstream=reset",
    steps: "buffer",
    after: "response-set X-After {error}-{status}",
    expect: { status: 502, body: "Bad Gateway", headers: { "X-After": "0-502" } },
  },
];
