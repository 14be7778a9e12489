/** Secrets that are none, as the plugin judges them (assembly/config/secret.ts), and passwords. */

/** What examples are made of; a test holds them to the plugin's. */
export const EXAMPLES = [
  ...["change-me", "changeme", "change_me", "replace-me", "replaceme", "replace_me"],
  ...["your-256-bit-secret", "your-client-secret", "your_client_secret", "placeholder"],
  ...["admin:pass", "test:test"],
];

/** Random bytes, in any encoding, have more different ones. */
const DIFFERENT = 8;

/** Why everybody may know it, or undefined. `names`: of whom or what it is the secret. */
export function whyGuessable(secret: string, names: readonly string[]): string | undefined {
  const lower = secret.toLowerCase();
  if (names.some((name) => name !== "" && lower === name.toLowerCase())) return "is the name";
  if (EXAMPLES.some((example) => lower.includes(example))) return "is an example";
  return new Set(secret).size < DIFFERENT ? "has few different characters" : undefined;
}

/** What stands for a secret that is elsewhere, `${NAME}`, or was left out of an export. */
export const isElsewhere = (text: string) => text === "" || /^\$\{.*\}$|^\*+$/.test(text);
