/**
 * A session holds in front of an application whose block says the same in another form: labels, the file provider, a
 * map of real types, or a file with its keys in another order.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { but } from "../cases/configurations.ts";
import { CLIENT_SECRET, SESSION_SECRET } from "../cases/sign-in.ts";
import { fileForm, labelForm } from "../support/forms.ts";
import { loadGate } from "../support/gate.ts";
import { HOST, LoginHost } from "../support/login-host.ts";

const folder = temporaryFolder("session-forms");
after(() => folder.remove());

const config = but({
  publicUrl: `https://${HOST}`,
  session: { secrets: [SESSION_SECRET] },
  login: { clientSecret: CLIENT_SECRET, claimsFrom: ["access_token"], authorizationParams: {} },
  roles: { viewer: ["app-viewer"], runner: ["app-runner", "1"], owner: ["app-owner"] },
  rolesFrom: ["realm_access.roles"],
  roleHierarchy: { owner: ["runner"], runner: ["viewer"] },
  emailUnverified: true,
  forwardAuthorization: false,
  forwardHeaders: { "X-User": "preferred_username", "X-Roles": "@roles" },
  rules: [{ match: "PathPrefix(`/`)", allow: "Role(`viewer`)" }],
});

/** The same block as a map of real types, with every list of one as its only element. */
const single = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const scalar = value.length === 1 && typeof value[0] !== "object";
    return scalar ? value[0] : value.map(single);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, single(member)]));
};

const reversed = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).map(([key, member]) => [key, reversed(member)] as const);
  return Object.fromEntries(members.reverse());
};

writeFileSync(join(folder.path, "rolegate.json"), JSON.stringify(reversed(config)));

const FORMS: Record<string, unknown> = {
  "the file provider": fileForm(config),
  labels: labelForm(config),
  "a map of real types": config,
  "one element for a list": single(config),
  "keys in other case": { ...config, rolesFrom: undefined, ROLESFROM: config.rolesFrom },
  "a file, its keys in another order": { configFile: "/state/rolegate.json" },
};

const host = await LoginHost.start(config);
host.provider.accessToken = { realm_access: { roles: ["app-owner"] } };
await host.signIn();
const cookie = host.jar.header("/")!;

async function visit(block: unknown) {
  const guest = await loadGate(block, {
    mounts: [`${folder.path}:/state`],
    now: () => host.clock.ms,
  });
  assert.equal(guest.check().errors, 0);
  return guest.handle({ target: "/", headers: { Host: HOST, Cookie: cookie } });
}

describe("signed in under the file provider's form, let through under", () => {
  for (const [form, block] of Object.entries(FORMS)) {
    test(form, async () => {
      const { response, forwarded } = await visit(block);
      assert.equal(response.status, 200, response.body.toString());
      assert.equal(forwarded!.headers.get("X-Roles"), "owner,runner,viewer");
    });
  }
});

describe("another meaning is another session's", () => {
  const OTHERS: Record<string, Record<string, unknown>> = {
    "a role means more": { roles: { ...(config.roles as object), owner: ["app-owner", "boss"] } },
    "a role has less": { roleHierarchy: { runner: ["viewer"] } },
    "roles come from elsewhere": { rolesFrom: ["roles"] },
    "an address counts only when verified": { emailUnverified: false },
    "another claim is asked for": { forwardHeaders: { "X-User": "sub", "X-Roles": "@roles" } },
    "another token is read": { login: { claimsFrom: ["id_token"] } },
  };
  for (const [what, changes] of Object.entries(OTHERS)) {
    test(what, async () => {
      const { forwarded } = await visit({ ...config, ...changes });
      assert.equal(forwarded, null);
    });
  }
});
