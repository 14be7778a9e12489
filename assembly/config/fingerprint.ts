/**
 * What a session's content depends on, as 16 bytes: where roles and claims come from, what the roles mean, and what
 * rules and headers ask. A session that was made with another one is out of date.
 */
import { sha256 } from "../crypto/sha256";
import { Writer } from "../json/writer";
import { FORM } from "../session/session";
import { Bytes } from "../text/bytes";
import { Names } from "../text/names";
import { Section } from "./section";
import { Settings } from "./settings";

/** Keys whose values count as they are written. */
const KEYS: StaticArray<string> = [
  "issuer",
  "issuers",
  "clientId",
  "roles",
  "rolesFrom",
  "roleHierarchy",
  "forwardHeaders",
  "emailUnverified",
  "forwardAuthorization",
];
const BYTES = 16;

export function fingerprintOf(top: Section, settings: Settings): Bytes {
  const writer = new Writer().open().integer("form", FORM);
  for (let i = 0; i < KEYS.length; i++) {
    const value = top.value(KEYS[i]);
    if (value) writer.openArray(KEYS[i]).json(value).closeArray();
  }
  const from = top.section("login").value("claimsFrom");
  if (from) writer.openArray("claimsFrom").json(from).closeArray();
  const vocabulary = settings.vocabulary;
  writeNames(writer, "names", vocabulary.roles.names);
  writeNames(writer, "scopes", vocabulary.scopes);
  writer.openArray("tests");
  for (let i = 0; i < vocabulary.claims.length; i++) {
    const test = vocabulary.claims[i];
    writer.element(Bytes.of(test.question.toString())).element(test.path.text);
    writer.element(test.separator);
    for (let j = 0; j < test.values.length; j++) writer.element(test.values[j]);
  }
  writer.closeArray().openArray("captured");
  for (let i = 0; i < vocabulary.captured.length; i++) {
    writer.element(vocabulary.captured[i].path.text);
  }
  return sha256(writer.closeArray().close().done()).slice(0, BYTES).copy();
}

function writeNames(writer: Writer, key: string, names: Names): void {
  writer.openArray(key);
  for (let i = 0; i < names.length; i++) writer.element(names.at(i));
  writer.closeArray();
}
