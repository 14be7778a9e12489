/** Names of the guest's constants, enumerations and namespaces, made from the names of options. */

/** `clockSkew`, `ClockSkew` -> `CLOCK_SKEW`. */
export function constantOf(name: string): string {
  return name.replace(/(?<=.)[A-Z]/g, "_$&").toUpperCase();
}

/** `private_key_jwt` -> `PrivateKeyJwt`. */
export function memberOf(word: string): string {
  return word.replace(/(^|_)([a-z])/g, (_, _before, letter: string) => letter.toUpperCase());
}

/** The list of an enumeration's words. */
export function wordListOf(list: string): string {
  return `${constantOf(list)}_WORDS`;
}

/** A word's member of the enumeration. */
export function enumerationOf(list: string, word: string): string {
  return `${list}.${memberOf(word)}`;
}

/** `rules[]` -> `RuleOptions`, `login.endpoints` -> `LoginEndpointsOptions`. */
export function namespaceOf(section: string): string {
  const words = section.replace(/s\[\]$/, "").split(".");
  return `${words.map(memberOf).join("") || "Top"}Options`;
}

/** A function's name; `default` is a keyword of the language. */
export function functionOf(name: string): string {
  return name === "default" ? "default_" : name;
}

export function literal(text: string): string {
  return JSON.stringify(text);
}
