/** `rolegate doctor --preset prefect --client-env`: environments of clients in the forms that people have, one thing wrong with each. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { FINDINGS } from "../../src/cli/doctor/catalogue-table.ts";
import { prefectSetting } from "./doctor-prefect-server.ts";

const { folder, server, seen, examined } = prefectSetting("doctor-client");

async function findings(lines: string[], ...args: string[]) {
  const file = join(folder.path, "client.env");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return examined(server.url, ["--client-env", file, ...args]);
}
const doctor = async (lines: string[], ...args: string[]) =>
  (await findings(lines, ...args)).map(({ code }) => code).sort();

const bearer = (token: string) => `{"Authorization":"Bearer ${token}"}`;
const healthy = (token = "t") => [
  `PREFECT_API_URL=${server.url}/api`,
  `PREFECT_CLIENT_CUSTOM_HEADERS=${bearer(token)}`,
];

describe("as it should be, in the form", () => {
  const FORMS: [name: string, lines: () => string[]][] = [
    ["of env", () => healthy()],
    [
      "of rolegate token",
      () => [
        `export PREFECT_API_URL='${server.url}/api'`,
        `export PREFECT_CLIENT_CUSTOM_HEADERS='${bearer("t")}'`,
        "unset PREFECT_API_KEY PREFECT_API_AUTH_STRING",
      ],
    ],
    [
      "of .env",
      () => [
        `PREFECT_API_URL="${server.url}/api"`,
        `PREFECT_CLIENT_CUSTOM_HEADERS="${bearer("t").replaceAll('"', '\\"')}"`,
      ],
    ],
    ["of a list in a compose file", () => healthy().map((line) => `      - '${line}'`)],
    [
      "of a map in a compose file",
      () => [
        `      PREFECT_API_URL: "${server.url}/api"`,
        `      PREFECT_CLIENT_CUSTOM_HEADERS: '${bearer("t")}'`,
      ],
    ],
    [
      "of prefect config view and prefect version",
      () => [
        `PREFECT_API_URL='${server.url}/api' (from env)`,
        `PREFECT_CLIENT_CUSTOM_HEADERS='${bearer("t")}' (from profile)`,
        ...["Version:              3.8.8", "API version:          0.8.4"],
      ],
    ],
  ];
  for (const [name, lines] of FORMS)
    test(name, async () => assert.deepEqual(await doctor(lines()), []));
});

/** A token that says when it ends. */
const ending = (seconds: number) => {
  const exp = Math.floor(Date.now() / 1000) + seconds;
  return `x.${Buffer.from(JSON.stringify({ exp })).toString("base64url")}.x`;
};

describe("one thing wrong", () => {
  const FAULTS: [name: string, codes: string[], lines: () => string[]][] = [
    [
      "a slash behind the address",
      ["prefect_client_url"],
      () => [...healthy(), `PREFECT_API_URL=${server.url}/api/`],
    ],
    [
      "no token at all",
      ["prefect_client_headers", "prefect_client_refused"],
      () => [...healthy(), "PREFECT_CLIENT_CUSTOM_HEADERS={}"],
    ],
    ["a token that is no good", ["prefect_client_refused"], () => healthy("u")],
    [
      "a key alone",
      ["prefect_client_headers", "prefect_client_key", "prefect_client_refused"],
      () => [healthy()[0]!, "PREFECT_API_KEY=t"],
    ],
    [
      "a key beside the header, which it does not replace",
      ["prefect_client_key"],
      () => [...healthy(), "PREFECT_API_KEY=t"],
    ],
    [
      "a password beside the header, which it replaces",
      ["prefect_client_key", "prefect_client_refused"],
      () => [...healthy(), "PREFECT_API_AUTH_STRING=admin:pass"],
    ],
    [
      "a token in the password's place",
      ["prefect_client_refused", "prefect_client_scheme"],
      () => [...healthy(), "PREFECT_API_AUTH_STRING=Bearer t"],
    ],
    [
      "quotation marks in a list",
      ["prefect_client_quotes", "prefect_client_refused", "prefect_client_scheme"],
      () => [...healthy(), '  - PREFECT_API_AUTH_STRING="Basic dDp0"'],
    ],
    [
      "quotation marks twice",
      ["prefect_client_quotes"],
      () => [`PREFECT_API_URL='"${server.url}/api"'`, healthy()[1]!],
    ],
    [
      "a client without custom headers",
      ["prefect_client_old"],
      () => [...healthy(), "Version:   3.4.7"],
    ],
    ["another major version", ["prefect_client_major"], () => [...healthy(), "Version:   4.0.1"]],
    ["a newer client", ["prefect_client_newer"], () => [...healthy(), "Version:   3.9.0"]],
  ];
  for (const [name, codes, lines] of FAULTS)
    test(name, async () => assert.deepEqual(await doctor(lines()), codes));

  test("a token that ends within the hour, and one that does not", async () => {
    for (const [seconds, codes] of [
      [600, ["prefect_client_expiry"]],
      [7200, []],
    ] as const) {
      const token = ending(seconds);
      server.tokens.add(token);
      assert.deepEqual(await doctor(healthy(token)), codes);
    }
  });
  test("which requests are refused, and by what they are sent", async () => {
    const found = await findings([...healthy(), "PREFECT_API_AUTH_STRING=admin:pass"]);
    const { evidence } = found.find(({ code }) => code === "prefect_client_refused")!;
    assert.equal(evidence, "its version check (Basic) 401 authentication_required");
  });
  test("a password before 3.8.3 is said not to reach events", async () => {
    const lines = [...healthy(), "PREFECT_API_AUTH_STRING=a:b", "Version: 3.8.2"];
    const { evidence } = (await findings(lines)).find((it) => it.code === "prefect_client_key")!;
    assert.match(evidence, /before 3\.8\.3 does not reach events/);
  });
});

test("no credential is repeated", async () => {
  const secrets = ["topsecret-token", "topsecret-key", "topsecret:password"] as const;
  const lines = [
    ...healthy(secrets[0]),
    `PREFECT_API_KEY=${secrets[1]}`,
    `- PREFECT_API_AUTH_STRING="Bearer ${secrets[2]}"`,
  ];
  const found = JSON.stringify(await findings(lines));
  assert.match(found, /prefect_client_refused/);
  for (const secret of secrets) {
    assert.ok(!found.includes(secret), found);
    assert.ok(!found.includes(Buffer.from(secret).toString("base64").slice(0, 12)), found);
  }
});

test("quotation marks in the server's own password, which its port shows", async () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  let password = '"admin:pass"';
  const bare = createServer(({ headers }, response) => {
    response.writeHead(headers.authorization === basic(password) ? 200 : 401).end('"3.8.8"');
  });
  await new Promise<void>((resolve) => bare.listen(0, "127.0.0.1", resolve));
  const at = `http://127.0.0.1:${(bare.address() as AddressInfo).port}`;
  try {
    const lines = [...healthy(), "PREFECT_API_AUTH_STRING=admin:pass"];
    const others = ["application_exposed", "prefect_client_key", "prefect_client_refused"];
    assert.deepEqual(await doctor(lines, "--upstream", at), [...others, "prefect_server_quotes"]);
    password = "admin:pass";
    assert.deepEqual(await doctor(lines, "--upstream", at), others);
  } finally {
    bare.closeAllConnections();
    bare.close();
  }
});

test("every finding about Prefect's clients was brought about", () => {
  const all = Object.keys(FINDINGS).filter((it) => /^prefect_(client|server)_/.test(it));
  assert.deepEqual(
    all.filter((code) => !seen.has(code)),
    [],
  );
});
