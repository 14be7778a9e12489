/** The guest's own check of configurations, with the values as each form delivers them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { loadGuest } from "../../src/guest/load.ts";
import { BAD_CONFIGURATIONS, WARNED_CONFIGURATIONS } from "../cases/bad-configurations.ts";
import { NO_MAPS, NOT_A_MAP } from "../cases/bad-settings.ts";
import {
  type BadConfiguration,
  GOOD_CONFIGURATIONS,
  type Mistake,
} from "../cases/configurations.ts";
import { APART } from "../cases/issuer-headers.ts";
import { GOOD_SIGN_IN } from "../cases/sign-in.ts";
import { fileForm, labelForm } from "../support/forms.ts";
import { token } from "../support/tokens.ts";

const folder = temporaryFolder("configurations");
after(() => folder.remove());

const FORMS: Record<string, (config: unknown) => unknown> = {
  "CRD JSON": (config) => config,
  "file provider": fileForm,
  labels: labelForm,
};

const load = (config: unknown) =>
  loadGuest({
    wasm: join(root, "plugin.wasm"),
    config,
    mounts: [`${folder.path}:/state`],
  });

/** All findings of one severity; each stands in the log at the start, and again in check()'s answer. */
async function findings(config: unknown, severity: "error" | "warning"): Promise<Mistake[]> {
  const guest = await load(config);
  const { errors, logs } = guest.check();
  const lines = logs.flatMap(({ data }) => (data ? [data] : []));
  assert.equal(errors, lines.filter((line) => line.severity === "error").length);
  const said = guest.startLogs.flatMap(({ data }) => (data?.rolegate === "config" ? [data] : []));
  assert.deepEqual(said, lines);
  if (errors > 0) {
    const { response, forwarded } = await guest.handle({ target: "/" });
    assert.equal(response.status, 500);
    assert.equal(forwarded, null);
    assert.equal(JSON.parse(response.body.toString()).code, "config_error");
  }
  return lines
    .filter((line) => line.severity === severity)
    .map(({ path, code, message, column }) => ({
      path: path as string,
      code: code as string,
      says: message as string,
      ...(column === undefined ? {} : { column: column as number }),
    }));
}

function compare(found: Mistake[], expected: Mistake[]): void {
  const place = ({ path, code, column }: Mistake) => ({ path, code, column });
  const byPath = (a: Mistake, b: Mistake) => (a.path < b.path ? -1 : 1);
  const [actual, wanted] = [found.sort(byPath), [...expected].sort(byPath)];
  assert.deepEqual(actual.map(place), wanted.map(place), JSON.stringify(found, null, 1));
  wanted.forEach(({ says }, i) => {
    assert.ok(actual[i]!.says.includes(says), `"${actual[i]!.says}" does not say "${says}"`);
  });
}

for (const [form, deliver] of Object.entries(FORMS)) {
  const rows = (list: BadConfiguration[]) =>
    list.filter(({ typedOnly }) => !typedOnly || form === "CRD JSON");

  describe(`good configurations, ${form}`, () => {
    for (const [name, config] of Object.entries(GOOD_CONFIGURATIONS)) {
      test(name, async () => {
        compare(await findings(deliver(config), "error"), []);
        const guest = await load(deliver(config));
        const wire = { target: "/", headers: { Authorization: `Bearer ${await token()}` } };
        assert.equal((await guest.handle(wire)).response.status, 200);
        assert.equal((await guest.handle({ target: "/" })).response.status, 401);
      });
    }
  });

  describe(`headers of several issuers that stay apart, ${form}`, () => {
    for (const [name, config] of Object.entries(APART)) {
      for (const severity of ["error", "warning"] as const) {
        test(`${name}: no ${severity}`, async () => {
          compare(await findings(deliver(config), severity), []);
        });
      }
    }
  });

  describe(`sign-in, ${form}`, () => {
    for (const [name, config] of Object.entries(GOOD_SIGN_IN)) {
      test(name, async () => compare(await findings(deliver(config), "error"), []));
    }
  });

  describe(`bad configurations, ${form}`, () => {
    for (const { name, config, mistakes } of rows(BAD_CONFIGURATIONS)) {
      // A label cannot hold an empty list or map: the key is then not there.
      if (form === "labels" && /:(\[\]|\{\})/.test(JSON.stringify(config))) continue;
      test(name, async () => compare(await findings(deliver(config), "error"), mistakes));
    }
    for (const { name, config, mistakes } of WARNED_CONFIGURATIONS) {
      test(name, async () => compare(await findings(deliver(config), "warning"), mistakes));
    }
  });
}

test("of very many keys each one that is unknown is refused, wherever it stands", async () => {
  const [good] = Object.values(GOOD_CONFIGURATIONS);
  for (const count of [1, 63, 64, 65, 200]) {
    for (const before of ["", "~"]) {
      // Traefik sorts keys: these come before all options, or after them.
      const unknown = Array.from({ length: count }, (_, i) => [`${before || "A"}${i}`, "x"]);
      const guest = await load({ ...good, ...Object.fromEntries(unknown) });
      assert.equal(guest.check().errors, count, `${before}${count}`);
    }
  }
});

describe("no configuration at all", () => {
  for (const [name, text] of Object.entries(NO_MAPS)) {
    const bytes = name === "not UTF-8" ? Buffer.from(text, "latin1") : text;
    test(name, async () => compare(await findings(bytes, "error"), NOT_A_MAP));
  }
});
