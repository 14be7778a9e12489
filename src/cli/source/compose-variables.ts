/**
 * Variables in a compose file: `$NAME`, `${NAME}`, `${NAME:-otherwise}` and similar; `$$` is a `$`.
 */

export interface Interpolated {
  text: string;
  /** The variables that are not set here, as written; stand-ins replace them. */
  unknown: string[];
}

const VARIABLE =
  /\$(?:(\$)|\{([A-Za-z_]\w*)(?:(:?[-+?])((?:[^{}]|\{[^{}]*\})*))?\}|([A-Za-z_]\w*))/g;

export function interpolated(written: string, env = process.env): Interpolated {
  const unknown: string[] = [];
  const text = written.replace(VARIABLE, (whole, dollar, braced, sign, other, bare) => {
    if (dollar !== undefined) return "$";
    const name = (braced ?? bare) as string;
    const value = env[name];
    const isSet = value !== undefined && !(value === "" && String(sign).startsWith(":"));
    const more = () => {
      const inner = interpolated(other as string, env);
      unknown.push(...inner.unknown);
      return inner.text;
    };
    if (String(sign).endsWith("+")) return isSet ? more() : "";
    if (isSet) return value;
    if (String(sign).endsWith("-")) return more();
    unknown.push(whole);
    return `x-${name.toLowerCase().replaceAll("_", "-")}`;
  });
  return { text, unknown };
}
