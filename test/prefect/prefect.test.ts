/** Real Prefect, real Keycloak and real Traefik with the example's files. One file, because all are started once. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { actionTests } from "./actions.ts";
import { authStringTests } from "./auth-string.ts";
import { program, runClient } from "./client.ts";
import { elsewhereTests } from "./elsewhere.ts";
import { forgedTests } from "./forged.ts";
import { matrixTests } from "./matrix.ts";
import { pageTests } from "./pages.ts";
import { pitfallTests } from "./pitfalls.ts";
import { secretTests } from "./secrets.ts";
import { sessionTests } from "./sessions.ts";
import { ssoTests } from "./sso.ts";
import { Setting } from "./setting.ts";
import { workerTests } from "./workers.ts";

const setting = new Setting();

before(() => setting.start());
after(() => setting.stop());

test("a developer prepares what the others find", async () => {
  const { code, output } = await runClient(setting, "developer", program("prepare.py"));
  assert.equal(code, 0, output);
});
describe("routes", () => matrixTests(setting));
describe("Keycloak", () => ssoTests(setting));
describe("secrets", () => secretTests(setting));
describe("forged", () => forgedTests(setting));
describe("actions", () => actionTests(setting));
describe("pages", () => pageTests(setting));
describe("sessions", () => sessionTests(setting));
describe("workers", () => workerTests(setting));
describe("pitfalls", () => pitfallTests(setting));
describe("pages that ask elsewhere", () => elsewhereTests(setting));
describe("a password of Prefect's own", () => authStringTests(setting));
