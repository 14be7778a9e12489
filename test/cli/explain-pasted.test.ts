/** `rolegate explain` with requests as people paste them: of signed-in pages, with more than one request, with forms. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { requestOfCurl } from "../../src/cli/request/curl.ts";
import { firstCommand, shellWords } from "../../src/cli/request/shell-words.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { complaint, rolegate } from "./run.ts";

const folder = temporaryFolder("explain-pasted");
after(() => folder.remove());

const config = (more: object) => {
  const file = join(folder.path, `${Object.keys(more).join("-")}.yml`);
  const rolegateBlock = {
    ...{ issuer: "https://sso.example.com", clientId: "app", jwksFile: "/state/jwks.json" },
    ...{ publicUrl: "https://app.example.com", stateDir: "/state" },
    rules: [
      { name: "hook", match: "Path(`/hook`)", allow: "public" },
      { name: "all", match: "PathPrefix(`/`)", allow: "Role(`viewer`)" },
    ],
    ...more,
  };
  writeFileSync(
    file,
    JSON.stringify({ http: { middlewares: { gate: { plugin: { rolegate: rolegateBlock } } } } }),
  );
  return ["-c", file];
};
const SESSION = { session: { secrets: ["file:/state/session-secret"] } };
const paste = (input: string, ...args: string[]) =>
  rolegate(["explain", ...args, "--curl", "-"], { input });

describe("a page of somebody who is signed in", () => {
  const page = (cookie: string) =>
    `curl 'https://app.example.com/api/runs' -H 'accept: */*' -b '${cookie}' -H 'user-agent: Mozilla/5.0'`;
  const CASES: [name: string, more: object, cookie: string, taken: string[] | null][] = [
    ["whole", SESSION, "__Host-rolegate=abc", ["the cookie __Host-rolegate"]],
    [
      "in chunks, among others",
      SESSION,
      "theme=dark; __Host-rolegate.0=abc; __Host-rolegate.1=def; lang=en",
      ["the cookie __Host-rolegate.0", "the cookie __Host-rolegate.1"],
    ],
    [
      "with refresh and attempts",
      SESSION,
      "__Secure-rolegate-refresh=a; __Host-rolegate-login-x1=b; rolegate-of-others=c",
      ["the cookie __Secure-rolegate-refresh", "the cookie __Host-rolegate-login-x1"],
    ],
    [
      "of another name",
      { session: { ...SESSION.session, cookieName: "my.app" } },
      "__Host-my.app=a; __Host-rolegate=b; __Host-myxapp=c",
      ["the cookie __Host-my.app"],
    ],
    ["a token's cookie", { token: { cookie: "jwt" } }, "jwt=a.b.c; x=y", ["the cookie jwt"]],
    ["nothing of ours", SESSION, "theme=dark", null],
    ["no sessions here", { token: { cookie: "jwt" } }, "__Host-rolegate=abc", null],
  ];
  for (const [name, more, cookie, taken] of CASES) {
    test(name, async () => {
      const { code, stdout, stderr } = await paste(
        page(cookie),
        ...config(more),
        "--role",
        "viewer",
      );
      assert.deepEqual([code, stderr], [0, ""], stdout);
      assert.match(stdout, /decision +allow, by rule all/);
      const said = /^note: the caller takes the place of (.*)$/m.exec(stdout)?.[1] ?? null;
      assert.equal(said, taken && taken.join(", "));
      for (const secret of ["abc", "def", "a.b.c"]) assert.ok(!stdout.includes(`=${secret}`));
    });
  }

  test("its other cookies go on to the application", async () => {
    const args = [...config(SESSION), "--role", "viewer", "--json"];
    const { stdout } = await paste(page("theme=dark; __Host-rolegate=abc; lang=en"), ...args);
    assert.ok(stdout.includes("theme=dark; lang=en"), stdout);
  });
  test("the header and the query parameter of a token are replaced and named as well", async () => {
    const { stdout } = await paste(
      "curl 'https://app.example.com/api?a=1&access_token=SECRET&b=2' -H 'authorization: Bearer OLD'",
      ...config({ token: { query: "access_token" } }),
      ...["--role", "viewer"],
    );
    assert.match(stdout, /^request +GET \/api\?a=1&b=2 /m);
    assert.match(
      stdout,
      /the caller takes the place of the header authorization, the query parameter access_token/,
    );
    assert.doesNotMatch(stdout, /SECRET|OLD/);
  });
  test("without a caller it says that a session cannot be opened here", async () => {
    const { code, stdout } = await paste(page("__Host-rolegate=abc"), ...config(SESSION));
    assert.equal(code, 1);
    assert.match(
      stdout,
      /note: the request has a session's cookie, which cannot be opened here: say with --role/,
    );
    const without = await paste(page("theme=dark"), ...config(SESSION));
    assert.doesNotMatch(without.stdout, /session's cookie/);
  });
});

describe("more than one request is refused, with what is meant", () => {
  const LINES: [line: string, code: string, words: RegExp][] = [
    ["curl https://a/1 https://a/2", "curl_several", /two URLs: https:\/\/a\/1 and https:\/\/a\/2/],
    ["curl --url https://a/1 https://a/2", "curl_several", /two URLs/],
    ["curl https://a/1 --next https://a/2", "curl_several", /--next begins another/],
    ["curl https://a/1 -: -d x https://a/2", "curl_several", /-: begins another/],
    ["curl https://a/1\ncurl https://a/2", "curl_several", /two URLs: https:\/\/a\/1 and curl/],
    ["curl -d a=b -F c=d https://a/", "curl_syntax", /--form or --data/],
    ['Invoke-WebRequest -UseBasicParsing -Uri "https://a/"', "curl_syntax", /for PowerShell/],
    ["$session = New-Object X", "curl_syntax", /for PowerShell/],
    ['fetch("https://a/", {})', "curl_syntax", /for JavaScript/],
    ['await fetch("https://a/", {})', "curl_syntax", /for JavaScript/],
    ["wget https://a/", "curl_syntax", /for wget/],
    ["curl --upload-file x https://a/", "curl_option", /--upload-file/],
    ["curl", "curl_syntax", /no URL/],
  ];
  for (const [line, code, words] of LINES) {
    test(line, async () => {
      const ran = await paste(line, ...config({}), "--role", "viewer");
      assert.deepEqual([ran.code, complaint(ran).code], [2, code]);
      assert.match(complaint(ran).message, words);
    });
  }
});

describe("what stands behind the line", () => {
  const LINES: [line: string, words: string[], rest: string][] = [
    ["curl https://a/ | jq .", ["curl", "https://a/"], "| jq ."],
    ["curl https://a/ > out.json", ["curl", "https://a/"], "> out.json"],
    ["curl https://a/ 2>/dev/null", ["curl", "https://a/"], ">/dev/null"],
    ["curl https://a/2>x", ["curl", "https://a/2"], ">x"],
    ["curl https://a/; echo", ["curl", "https://a/"], "; echo"],
    ["curl https://a/ && echo", ["curl", "https://a/"], "&& echo"],
    ["curl 'https://a/?x=1&y=2|3;4>5'", ["curl", "https://a/?x=1&y=2|3;4>5"], ""],
    ['curl "https://a/?x=1&y=2" \\\n  -H a:b', ["curl", "https://a/?x=1&y=2", "-H", "a:b"], ""],
    ["curl https://a/?x=1\\&y=2", ["curl", "https://a/?x=1&y=2"], ""],
    // As a shell has it: the rest is another command.
    ["curl https://a/?x=1&y=2", ["curl", "https://a/?x=1"], "&y=2"],
  ];
  for (const [line, words, rest] of LINES) {
    test(line, () => assert.deepEqual(firstCommand(line), { words, rest }));
  }
  test("is passed over, and said", async () => {
    const { stdout } = await paste("curl https://app.example.com/hook | jq .", ...config({}));
    assert.match(stdout, /^note: passed over behind the curl line: \| jq \.$/m);
  });
});

describe("--form", () => {
  const bodyOf = async (line: string) => {
    const { method, headers, body = "" } = await requestOfCurl(shellWords(line));
    const type = headers.find(([name]) => name === "Content-Type")![1];
    const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(type)![1]!;
    const parts = body.split(`--${boundary}`).slice(1);
    assert.equal(parts.pop(), "--\r\n");
    return { method, parts: parts.map((it) => it.trim().split("\r\n\r\n")) };
  };
  const NAMED = "Content-Disposition: form-data; name=";
  const LINES: [line: string, parts: string[][]][] = [
    [
      "curl -F a=b -F c=d https://a/",
      [
        [`${NAMED}"a"`, "b"],
        [`${NAMED}"c"`, "d"],
      ],
    ],
    ["curl --form 'a=\"b c\"' https://a/", [[`${NAMED}"a"`, "b c"]]],
    ["curl --form-string 'a=x=y' https://a/", [[`${NAMED}"a"`, "x=y"]]],
    [
      "curl -F 'a={\"b\":1};type=application/json' https://a/",
      [[`${NAMED}"a"\r\nContent-Type: application/json`, '{"b":1}']],
    ],
    [
      "curl -F 'f=@/no/such/file.png' https://a/",
      [[`${NAMED}"f"; filename="/no/such/file.png"\r\nContent-Type: application/octet-stream`]],
    ],
    [
      "curl -F 'f=@x;filename=y;type=text/plain' https://a/",
      [[`${NAMED}"f"; filename="y"\r\nContent-Type: text/plain`]],
    ],
  ];
  for (const [line, parts] of LINES) {
    test(line, async () => assert.deepEqual(await bodyOf(line), { method: "POST", parts }));
  }
  test("is decided like any body that rules do not look into", async () => {
    const { code, stdout } = await paste(
      "curl -X PUT -F a=b https://app.example.com/x",
      ...config({}),
      "--role",
      "viewer",
    );
    assert.equal(code, 0);
    assert.match(stdout, /^request +PUT \/x /m);
  });
});

test("a body from standard input, as curl has it", async () => {
  const rules = [{ name: "json", match: "Path(`/a`) && BodyJSON(`a`, `1`)", allow: "public" }];
  const args = ["-H", "Content-Type: application/json", "https://app.example.com/a"];
  for (const data of ["-d", "--data-binary", "--json"]) {
    const { stdout, stderr } = await rolegate(
      ["explain", ...config({ rules }), "--", "curl", data, "@-", ...args],
      { input: '{"a": 1}' },
    );
    assert.match(stdout, /decision +allow, by rule json/, stderr);
  }
});
