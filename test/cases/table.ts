/** All cases, in one table. The Node host and Traefik run the same. */
import { ADVISORIES } from "./advisories.ts";
import { API_KEYS } from "./api-keys.ts";
import { APPLICATIONS } from "./applications.ts";
import { BODIES } from "./bodies.ts";
import { BROWSER } from "./browser.ts";
import type { Case } from "./case.ts";
import { EXCHANGE } from "./exchange.ts";
import { FIRST_CHECKS } from "./first-checks.ts";
import { HOST_FORMS } from "./hosts.ts";
import { IDENTITY } from "./identity.ts";
import { LANGUAGE } from "./language.ts";
import { OVERAGE } from "./overage.ts";
import { PATHS } from "./paths.ts";
import { POLICY } from "./policy.ts";
import { ROLES } from "./roles.ts";
import { SESSIONS } from "./sessions.ts";
import { TENANT_CASES } from "./tenants.ts";
import { TOKEN_CLAIMS } from "./token-claims.ts";
import { TOKEN_FORM } from "./token-form.ts";
import { TOKEN_SIGNATURE } from "./token-signature.ts";

export const CASES: Case[] = [
  ...TOKEN_FORM,
  ...TOKEN_SIGNATURE,
  ...TOKEN_CLAIMS,
  ...PATHS,
  ...FIRST_CHECKS,
  ...HOST_FORMS,
  ...POLICY,
  ...ROLES,
  ...IDENTITY,
  ...BROWSER,
  ...BODIES,
  ...LANGUAGE,
  ...EXCHANGE,
  ...API_KEYS,
  ...ADVISORIES,
  ...SESSIONS,
  ...APPLICATIONS,
  ...TENANT_CASES,
  ...OVERAGE,
];
