/** Real Keycloak and real Traefik with the plugin. One file, because both are started once for all of it. */
import { after, before, describe } from "node:test";
import { acceptanceTests } from "./acceptance.ts";
import { rotationTests } from "./rotation.ts";
import { Setting } from "./setting.ts";

const setting = new Setting();

before(() => setting.start());
after(() => setting.stop());

describe("tokens of Keycloak", () => acceptanceTests(setting));
describe("rotation of Keycloak's keys", () => rotationTests(setting));
