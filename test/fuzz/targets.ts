/** All fuzz targets. */
import { BODIES } from "./bodies.ts";
import { CONFIGURATIONS, RULES } from "./configurations.ts";
import { API_KEY_FILES, KEY_FILES } from "./files.ts";
import { COOKIES, HEADERS, URIS } from "./requests.ts";
import type { Target } from "./target.ts";
import { JSON_IN_TOKENS, TOKENS } from "./tokens.ts";

export const TARGETS: readonly Target[] = [
  URIS,
  HEADERS,
  COOKIES,
  TOKENS,
  JSON_IN_TOKENS,
  BODIES,
  CONFIGURATIONS,
  RULES,
  KEY_FILES,
  API_KEY_FILES,
];
