/**
 * Ways to ask Prefect for a secret in the clear. `leaks`: whether the server gives it, measured on 3.8.8 without a
 * gate and measured again in test/prefect. What does not leak need not be refused, and what leaks must be.
 */
import type { WireRequest } from "../../../src/guest/entrypoint.ts";

export interface Leak extends WireRequest {
  name: string;
  leaks: boolean;
}

/** Of the secret block: what it is called, its identifier, and what must never be seen. */
export interface SecretBlock {
  name: string;
  id: string;
}

const json: [string, string][] = [["Content-Type", "application/json"]];

const queries: [string, boolean][] = [
  ...["true", "True", "TRUE", "1", "on", "yes", "y", "t"].map((value): [string, boolean] => [
    `include_secrets=${value}`,
    true,
  ]),
  ["include_secrets=false&include_secrets=true", true],
  ["include_secrets=true&include_secrets=false", false],
  ["include%5Fsecrets=%74rue", true],
  ["include_secrets=tru%65", true],
  ["a=b&include_secrets=true", true],
  ["INCLUDE_SECRETS=true", false],
  ["x=1;include_secrets=true", false],
  ["include_secrets=false", false],
  ["include_secrets=0", false],
  ["include_secrets=", false],
  ["include_secrets", false],
];

const bodies: [string, string | Buffer, boolean, [string, string][]?][] = [
  ["true", '{"include_secrets":true}', true],
  ["a text", '{"include_secrets":"true"}', true],
  ["yes", '{"include_secrets":"yes"}', true],
  ["1", '{"include_secrets":1}', true],
  ["1.0", '{"include_secrets":1.0}', true],
  ["twice, the last true", '{"include_secrets":false,"include_secrets":true}', true],
  ["twice, the last false", '{"include_secrets":true,"include_secrets":false}', false],
  ["an escaped key", '{"include\\u005fsecrets":true}', true],
  ["UTF-16", Buffer.from('\ufeff{"include_secrets":true}', "utf16le"), true],
  ["UTF-16 without a mark", Buffer.from('{"include_secrets":true}', "utf16le"), true],
  ["UTF-8 with a mark", '\ufeff{"include_secrets":true}', true],
  ["chunked", '{"include_secrets":true}', true, [...json, ["Transfer-Encoding", "chunked"]]],
  ["no type", '{"include_secrets":true}', true, []],
  ["an empty type", '{"include_secrets":true}', false, [["Content-Type", ""]]],
  [
    "a type of its own",
    '{"include_secrets":true}',
    true,
    [["Content-Type", "application/vnd.x+json"]],
  ],
  ["text/plain", '{"include_secrets":true}', false, [["Content-Type", "text/plain"]]],
  ["false", '{"include_secrets":false}', false],
  ["without the key", "{}", false],
];

export function leaksOf({ name, id }: SecretBlock): Leak[] {
  const byName = `/api/block_types/slug/secret/block_documents/name/${name}`;
  const encoded = byName.replace(/.$/, (last) => `%${last.charCodeAt(0).toString(16)}`);
  const get = (target: string, leaks = true): Leak => ({
    name: `GET ${target.replace(id, "{id}")}`,
    target,
    leaks,
  });
  const post = (target: string): Leak => ({
    name: `POST ${target}`,
    method: "POST",
    target,
    headers: json,
    body: '{"include_secrets":true}',
    leaks: true,
  });
  return [
    ...queries.map(([query, leaks]) => get(`${byName}?${query}`, leaks)),
    get(`/api/block_documents/${id}?include_secrets=true`),
    get("/api/block_types/slug/secret/block_documents?include_secrets=true"),
    get(`${encoded}?include_secrets=true`),
    get(`/api/block_documents/${id}/?include_secrets=true`, false),
    ...bodies.map(([said, body, leaks, headers = json]): Leak => ({
      name: `POST /api/block_documents/filter, ${said}`,
      method: "POST",
      target: "/api/block_documents/filter",
      headers,
      body,
      leaks,
    })),
    post("/api/block_documents%2Ffilter"),
    post("/api/%62lock_documents/filter"),
    {
      ...post("/api/block_documents/filter?include_secrets=true"),
      name: "POST /api/block_documents/filter, in the query",
      body: "{}",
      leaks: false,
    },
  ];
}
