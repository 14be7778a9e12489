/** Real Prefect, real Keycloak and real Traefik with the example's files. One file, because all are started once. */
import { after, before, describe } from "node:test";
import { matrixTests } from "./matrix.ts";
import { secretTests } from "./secrets.ts";
import { Setting } from "./setting.ts";

const setting = new Setting();

before(() => setting.start());
after(() => setting.stop());

describe("routes", () => matrixTests(setting));
describe("secrets", () => secretTests(setting));
