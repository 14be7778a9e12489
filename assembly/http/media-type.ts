/**
 * Recognises a body that every reader takes for JSON. A form may be valid JSON too and hold other
 * parameters (`{"a":"&b=c&"}`); Rack reads a body without a type as a form; and UTF-7, which
 * Express reads, hides quotes.
 */
import { isAlphanumeric } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { foldsTo } from "./header";

const APPLICATION = "application/";
const FORM = "x-www-form-urlencoded";
const CHARSET = "charset";
const TYPE = Bytes.of("content-type");
const ENCODING = Bytes.of("content-encoding");

/**
 * True if the values of Content-Type are a single `application/json` or `application/…+json`, in
 * UTF-8.
 */
export function saysJson(values: Bytes): bool {
  // With several types, servers take the first or the last.
  if (values.indexOf(0) >= 0 || values.indexOf(Char.Comma) >= 0) return false;
  const semicolon = values.indexOf(Char.Semicolon);
  const end = semicolon < 0 ? values.length : semicolon;
  const type = values.slice(0, end).trim();
  if (!type.hasAt(0, APPLICATION)) return false;
  const name = type.rest(APPLICATION.length);
  for (let i = 0; i < name.length; i++) if (!isOfName(name.at(i))) return false;
  // Tornado reads every type with this beginning as a form.
  if (name.hasAt(0, FORM)) return false;
  const isJson = name.isInAnyCase("json") || name.hasAt(max(name.length - 5, 0), "+json");
  return isJson && !name.isInAnyCase("json-patch+json") && isInUtf8(values.rest(end));
}

function isOfName(c: u32): bool {
  return (
    isAlphanumeric(c) || c == Char.Plus || c == Char.Hyphen || c == Char.Dot || c == Char.Underscore
  );
}

/** Every parameter that names a character set, in any spelling, must name UTF-8. */
function isInUtf8(parameters: Bytes): bool {
  for (let at = 0; at < parameters.length; at++) {
    if (!parameters.hasAt(at, CHARSET)) continue;
    const value = parameters.rest(at + CHARSET.length);
    const end = value.indexOf(Char.Semicolon);
    const text = (end < 0 ? value : value.slice(0, end)).trim();
    if (!text.isInAnyCase("=utf-8") && !text.isInAnyCase('="utf-8"')) return false;
  }
  return true;
}

/**
 * True if a server that folds names, as CGI does, would read a header as Content-Type or
 * Content-Encoding.
 */
export function aliasIsThere(names: Array<Bytes>): bool {
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    if (foldsTo(name, TYPE) && !name.equalsInAnyCase(TYPE)) return true;
    if (foldsTo(name, ENCODING) && !name.equalsInAnyCase(ENCODING)) return true;
  }
  return false;
}
