/** The probes for bodies that a guest puts in the place of the client's, and for `buffering` behind it. */
import type { ProbeCase } from "./probe.ts";

const LARGE = "x".repeat(1001);
const CHUNKED = { "Transfer-Encoding": "chunked" };
const post = (body: string) => ({ method: "POST", body });
const gets = (length: number, header = String(length)) => ({
  upstream: { bodyLength: length, headers: { "Content-Length": header } },
});

interface Row {
  name: string;
  request: Pick<ProbeCase, "method" | "body" | "headers">;
  steps: string;
  /** What comes of it: without the middleware, and with it. */
  bare: ProbeCase["expect"];
  buffered: ProbeCase["expect"];
}

const ROWS: Row[] = [
  {
    name: "a GET that becomes a POST: its body needs the middleware",
    request: {},
    steps: "set-method POST|write-body 0 ours=1",
    bare: gets(0),
    buffered: gets(6),
  },
  {
    name: "a GET keeps its body",
    request: { body: "hello" },
    steps: "uri",
    bare: gets(5),
    buffered: gets(5),
  },
  {
    name: "a body as long as the client's",
    request: post("hello"),
    steps: "write-body 0 HELLO",
    bare: gets(5),
    buffered: gets(5),
  },
  {
    name: "a shorter body",
    request: post("hello"),
    steps: "write-body 0 HE",
    bare: { status: 500, upstream: null },
    buffered: gets(2),
  },
  {
    name: "a longer body",
    request: post("hello"),
    steps: "write-body 0 HELLOHELLO",
    bare: { status: 500 },
    buffered: gets(10),
  },
  {
    name: "no body, and another method",
    request: post("hello"),
    steps: "set-method GET|write-body 0 ",
    bare: { status: 500, upstream: null },
    buffered: { upstream: { bodyLength: 0, absent: ["Content-Length", "Transfer-Encoding"] } },
  },
  {
    name: "a body that was read and not written back",
    request: post("hello"),
    steps: "body 0",
    bare: { status: 502 },
    buffered: { status: 500, upstream: null },
  },
  {
    name: "a chunked body",
    request: { ...post("hello"), headers: CHUNKED },
    steps: "uri",
    bare: { upstream: { bodyLength: 5, headers: CHUNKED, absent: ["Content-Length"] } },
    buffered: gets(5),
  },
  {
    name: "a chunked body that is replaced",
    request: { ...post("hello"), headers: CHUNKED },
    steps: "write-body 0 ours=1",
    bare: { upstream: { bodyLength: 6, headers: CHUNKED, absent: ["Content-Length"] } },
    buffered: gets(6),
  },
  {
    name: "the client's body is larger than the middleware takes, the guest's is not",
    request: post(LARGE),
    steps: "write-body 0 ours",
    bare: { status: 500, upstream: null },
    buffered: { status: 413, body: "Request Entity Too Large", upstream: null },
  },
  {
    name: "the same in chunks",
    request: { ...post(LARGE), headers: CHUNKED },
    steps: "write-body 0 ours",
    bare: { upstream: { bodyLength: 4 } },
    buffered: gets(4),
  },
  {
    name: "the guest's body is larger than the middleware takes",
    request: { ...post("hello"), headers: CHUNKED },
    steps: `write-body 0 ${LARGE}`,
    bare: { upstream: { bodyLength: 1001 } },
    buffered: { status: 413, upstream: null },
  },
];

export const BODY_PROBES: ProbeCase[] = ROWS.flatMap(({ name, request, steps, ...expected }) => [
  { ...request, name: `bodies: ${name}`, steps, expect: expected.bare },
  {
    ...request,
    name: `bodies, with buffering behind: ${name}`,
    steps,
    buffered: true as const,
    expect: expected.buffered,
  },
]);
