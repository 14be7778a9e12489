/**
 * The fingerprint of all that a session's content depends on, 16 bytes: the sources of roles and
 * claims, the meaning of roles, and what rules and headers ask. A session made with another
 * fingerprint is out of date. One block has one fingerprint in every form that Traefik delivers:
 * labels, a file and a typed map may all be in front of one application.
 */
import { sha256 } from "../crypto/sha256";
import { Json, Kind } from "../json/value";
import { Writer } from "../json/writer";
import { request } from "../runtime/arena";
import { IDENTITY_FORM } from "../session/session";
import { Bytes } from "../text/bytes";
import { Names } from "../text/names";
import { IDENTITY } from "./options";
import { Section } from "./section";
import { Settings } from "./settings";

const BYTES = 16;

export function fingerprintOf(top: Section, settings: Settings): Bytes {
  // Its input is long, and is released again.
  const before = request.enter();
  const digest = sha256(textOf(top, settings));
  before.enter();
  return digest.slice(0, BYTES).copy();
}

function textOf(top: Section, settings: Settings): Bytes {
  const writer = new Writer().open().integer("form", IDENTITY_FORM);
  for (let i = 0; i < IDENTITY.length; i++) {
    writeValue(writer.openArray(IDENTITY[i]), top.valueAt(IDENTITY[i]));
    writer.closeArray();
  }
  const vocabulary = settings.vocabulary;
  writeNames(writer, "names", vocabulary.roles.names);
  writeNames(writer, "scopes", vocabulary.scopes);
  writer.openArray("tests");
  for (let i = 0; i < vocabulary.claims.length; i++) {
    const test = vocabulary.claims[i];
    writer.element(Bytes.of(test.question.toString())).element(test.path.text);
    // The number of values, so that values of one test cannot be read as another test.
    writer.element(test.separator).element(Bytes.of(test.values.length.toString()));
    for (let j = 0; j < test.values.length; j++) writer.element(test.values[j]);
  }
  writer.closeArray().openArray("captured");
  for (let i = 0; i < vocabulary.captured.length; i++) {
    writer.element(vocabulary.captured[i].path.text);
  }
  return writer.closeArray().close().done();
}

/**
 * Writes scalars as texts, a list of one as its element, and nothing for what is empty; a mark
 * before each names its type.
 */
function writeValue(writer: Writer, value: Json | null): void {
  if (!value || isEmpty(value)) return;
  if (!value.isArray && !value.isObject) {
    writer.element(Bytes.of("text")).element(value.text);
    return;
  }
  const first = value.first!;
  if (value.isArray && !first.next && !first.isObject && !first.isArray) {
    writeValue(writer, first);
    return;
  }
  writer.element(Bytes.of(value.isArray ? "list" : "map"));
  for (let it: Json | null = first; it; it = it.next) {
    if (value.isObject && !isEmpty(it)) writer.element(Bytes.of("name")).element(it.name!);
    writeValue(writer, it);
  }
  writer.element(Bytes.of("end"));
}

function isEmpty(value: Json): bool {
  return value.kind == Kind.Null || (value.text.length == 0 && !value.first);
}

function writeNames(writer: Writer, key: string, names: Names): void {
  writer.openArray(key);
  for (let i = 0; i < names.length; i++) writer.element(names.at(i));
  writer.closeArray();
}
