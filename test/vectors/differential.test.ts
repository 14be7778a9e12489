/** A small run of the comparison with Node's crypto; `npm run fuzz:crypto` is the long one. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { compare } from "./differential.ts";
import { Guest } from "./guest.ts";

const CASES = 2000;

test(`${CASES} random signatures and mutations, compared with Node's crypto`, (context) => {
  const seed = process.env.SEED ?? randomBytes(8).toString("hex");
  context.diagnostic(`SEED=${seed}`);
  console.log(`SEED=${seed}`);
  const report = compare(new Guest(), seed, CASES);
  assert.ok(report.cases >= CASES);
  assert.ok(report.accepted > CASES / 20, "too few were valid");
});
