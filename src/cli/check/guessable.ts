/** Guessable secrets, by the plugin's criteria (assembly/config/secret.ts), and passwords. */

/** Parts of example secrets; a test compares them with the plugin's. */
export const EXAMPLES = [
  ...["change-me", "changeme", "change_me", "replace-me", "replaceme", "replace_me"],
  ...["your-256-bit-secret", "your-client-secret", "your_client_secret", "placeholder"],
  ...["admin:pass", "test:test"],
];

/** Random bytes have more distinct bytes, in any encoding. */
const DIFFERENT = 8;

/** Why the secret is easy to guess, or undefined. `names`: names of its owner. */
export function whyGuessable(secret: string, names: readonly string[]): string | undefined {
  const lower = secret.toLowerCase();
  if (names.some((name) => name !== "" && lower === name.toLowerCase())) return "is the name";
  if (EXAMPLES.some((example) => lower.includes(example))) return "is an example";
  return new Set(secret).size < DIFFERENT ? "has few different characters" : undefined;
}

/** A text in place of a secret that is elsewhere, `${NAME}`, or that an export left out. */
export const isElsewhere = (text: string) => text === "" || /^\$\{.*\}$|^\*+$/.test(text);
