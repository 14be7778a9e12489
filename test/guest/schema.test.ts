/**
 * rolegate.schema.json is made of the table of options, as the guest is, and holds to the guest: it never refuses a configuration that the
 * guest accepts, and refuses what the guest calls an unknown key or a wrong type, and numbers out of range.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Ajv } from "ajv";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { readTable, SCHEMA } from "../../src/options/files.ts";
import { atMost } from "../../src/options/json-types.ts";
import { BAD_CONFIGURATIONS, WARNED_CONFIGURATIONS } from "../cases/bad-configurations.ts";
import { GOOD_CONFIGURATIONS } from "../cases/configurations.ts";
import { ENVIRONMENT, GATES } from "../cases/gates.ts";
import { GOOD_SIGN_IN, signIn } from "../cases/sign-in.ts";
import { fileForm, labelForm } from "../support/forms.ts";
import { loadGate } from "../support/gate.ts";

const folder = temporaryFolder("schema");
after(() => folder.remove());

const text = readFileSync(join(root, SCHEMA), "utf8");
const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(JSON.parse(text));

/** Why the schema refuses it; empty: it does not. */
function refusals(config: unknown): string[] {
  // As the guest gets it: without what is undefined.
  if (validate(JSON.parse(JSON.stringify(config)))) return [];
  return validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

async function accepts(config: unknown): Promise<boolean> {
  const options = { env: ENVIRONMENT, mounts: [`${folder.path}:/state`] };
  return (await loadGate(config, options)).check().errors === 0;
}

const FORMS: Record<string, (config: unknown) => unknown> = {
  "as written": (config) => config,
  "file provider": fileForm,
  labels: labelForm,
};
const { broken: _, "session-broken": __, ...gates } = GATES;
const good = [
  ...Object.entries({ ...GOOD_CONFIGURATIONS, ...GOOD_SIGN_IN, ...gates }),
  ...WARNED_CONFIGURATIONS.map(({ name, config }) => [name, config] as const),
];

for (const [form, deliver] of Object.entries(FORMS)) {
  describe(`what the guest accepts, ${form}`, () => {
    for (const [name, config] of good) {
      test(name, async () => {
        const delivered = deliver(config);
        assert.ok(await accepts(delivered), "the guest does not");
        assert.deepEqual(refusals(delivered), []);
      });
    }
  });

  describe(`unknown keys and wrong types, ${form}`, () => {
    const rows = BAD_CONFIGURATIONS.filter(
      ({ typedOnly, mistakes }) =>
        (form === "as written" || !typedOnly) &&
        mistakes.some(({ code }) => code === "unknown_key" || code === "wrong_type"),
    );
    test("are many", () => assert.ok(rows.length > 30, String(rows.length)));
    for (const { name, config } of rows) {
      test(name, () => assert.notDeepEqual(refusals(deliver(config)), []));
    }
  });
}

describe("numbers and words out of range", () => {
  const rows = BAD_CONFIGURATIONS.filter(({ mistakes }) =>
    mistakes.some(({ says }) =>
      /from \d+ to|\d to \d|^(lax|refuse|basic|protect|off|debug)/.test(says),
    ),
  );
  test("are many", () => assert.ok(rows.length > 25, String(rows.length)));
  for (const { name, config } of rows) {
    test(name, () => assert.notDeepEqual(refusals(config), []));
  }

  // What keys.refresh is bounds keys.maxStale from below: its own range is not all.
  const durations = readTable(root).options.filter(
    ({ type, path }) => type === "seconds" && path !== "keys.maxStale",
  );
  test("durations are many", () => assert.ok(durations.length >= 7, String(durations.length)));
  const base = GOOD_SIGN_IN.least!;
  const under = (section: string, key: string, value: unknown) =>
    signIn({ [section]: { ...(base[section] as object), [key]: value } });
  const SIZES: [string, number][] = [
    ["", 1],
    ["s", 1],
    ["m", 60],
    ["h", 3600],
    ["d", 86400],
  ];
  for (const { path, section, name: key, least, most } of durations) {
    test(`${path}, at both ends and in every unit`, async () => {
      for (const [unit, size] of SIZES) {
        const ends = [Math.ceil(least / size), Math.floor(most / size)];
        const counts = new Set(ends.flatMap((it) => [it - 1, it, it + 1, it + 10]));
        for (const count of counts) {
          for (const value of [...(unit ? [] : [count]), `${count}${unit}`, `00${count}${unit}`]) {
            const config = under(section, key, value);
            const isGood = await accepts(config);
            assert.equal(isGood, count * size >= least && count * size <= most, `guest: ${value}`);
            assert.equal(refusals(config).length === 0, isGood, `schema: ${value}`);
          }
        }
      }
    });
  }
  test("login.refreshAt, around both ends", async () => {
    const values = [
      0.0999,
      0.1,
      0.1001,
      0.5,
      0.94999,
      0.95,
      0.9501,
      0.951,
      0.96,
      1,
      "0.",
      "0.9500",
    ];
    for (const value of [...values, ...values.map(String), "0.095", "0.95099", "0.9510"]) {
      const config = under("login", "refreshAt", value);
      assert.equal(refusals(config).length === 0, await accepts(config), String(value));
    }
  });
  test("the expression for numbers up to another", () => {
    for (const most of [0, 1, 9, 10, 19, 20, 99, 100, 101, 300, 365, 999, 1000, 1440]) {
      const pattern = new RegExp(`^(${atMost(most)})$`);
      for (let i = 0; i <= 1500; i++) assert.equal(pattern.test(String(i)), i <= most, `${i}`);
    }
  });
});

describe("whatever stands in the place of a value", () => {
  const OTHERS: unknown[] = [
    ...[
      true,
      false,
      null,
      0,
      1,
      -1,
      0.5,
      30,
      1e9,
      "",
      "0",
      "1",
      "-1",
      "0.5",
      "5m",
      "true",
      "false",
    ],
    ...["x", "/x", "https://x.example", "lax", "off", "openid", "RS256", "<x>", " "],
    ...[[], ["x"], [""], [1], [true], [null], [[]], [{}], ["openid", "https://x.example"]],
    ...[{}, { x: "y" }, { x: 1 }, { x: null }, { x: ["y"] }, { x: [] }, { x: {} }, { x: true }],
  ];

  /** Every configuration that has another value at one place. */
  function* replaced(config: unknown): Generator<[string, unknown]> {
    for (const other of OTHERS) yield ["", other];
    if (typeof config !== "object" || config === null) return;
    for (const [key, member] of Object.entries(config)) {
      for (const [path, changed] of replaced(member)) {
        const copy: unknown = Array.isArray(config) ? [...config] : { ...config };
        (copy as Record<string, unknown>)[key] = changed;
        yield [`${key}.${path}`, copy];
      }
    }
  }
  const BASES = {
    ...{
      full: GOOD_CONFIGURATIONS.full!,
      "issuers in a list": GOOD_CONFIGURATIONS["issuers in a list"]!,
    },
    ...{
      "every default": GOOD_SIGN_IN["every default"]!,
      login: GOOD_SIGN_IN["one block, login"]!,
    },
    ...{ keys: GATES.keys, auth: GOOD_SIGN_IN["decisions only"]! },
  };
  for (const [name, base] of Object.entries(BASES)) {
    test(`${name}: the schema refuses nothing that the guest accepts`, async () => {
      const seen = { all: 0, accepted: 0, refusedByBoth: 0 };
      for (const [path, config] of replaced(base)) {
        if (path === "") continue;
        seen.all++;
        const said = refusals(config);
        const isGood = await accepts(config);
        assert.ok(!isGood || said.length === 0, `${path}: ${JSON.stringify(config)}\n${said}`);
        if (isGood) seen.accepted++;
        else if (said.length > 0) seen.refusedByBoth++;
      }
      // Neither is always of one mind.
      assert.ok(seen.accepted > 50 && seen.refusedByBoth > 200, JSON.stringify(seen));
    });
  }
});
