/** All mistakes of the tables, and all that is only worth a word. */
import { BAD_FORMS } from "./bad-forms.ts";
import { BAD_KEYS, WARNED } from "./bad-keys.ts";
import { BAD_LOGIN } from "./bad-login.ts";
import { BAD_RULES } from "./bad-rules.ts";
import { BAD_SESSIONS, SESSIONS_WARNED } from "./bad-sessions.ts";
import { BAD_SETTINGS } from "./bad-settings.ts";
import { BAD_TENANTS } from "./bad-tenants.ts";
import { BAD_SIGN_IN } from "./bad-sign-in.ts";
import type { BadConfiguration } from "./configurations.ts";
import { SHARED_HEADERS, SHARED_HEADERS_WARNED } from "./issuer-headers.ts";

export const BAD_CONFIGURATIONS: BadConfiguration[] = [
  ...BAD_SETTINGS,
  ...BAD_TENANTS,
  ...BAD_KEYS,
  ...BAD_RULES,
  ...BAD_SESSIONS,
  ...BAD_LOGIN,
  ...BAD_SIGN_IN,
  ...BAD_FORMS,
  ...SHARED_HEADERS,
];

export const WARNED_CONFIGURATIONS: BadConfiguration[] = [
  ...WARNED,
  ...SESSIONS_WARNED,
  ...SHARED_HEADERS_WARNED,
];
