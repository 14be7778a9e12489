/**
 * Details for the log about users and refused tokens: the token's claims, and the expected values.
 * They are never sent to the client. Texts and lists are cut, and nothing is written from which a
 * token could be made again. Without a valid signature anyone may have written these claims.
 */
import { secondsOf } from "../claims/times";
import { Issuer, Settings } from "../config/settings";
import { Key } from "../jose/key";
import { Token } from "../jose/token";
import { Json } from "../json/value";
import { Writer } from "../json/writer";
import { LOG_TEXT_BYTES, LOG_TEXTS } from "../limits";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";
import { timestamp } from "../text/time";
import { cut } from "../text/utf8";
import { indexOf } from "./verify";

const HEADER: StaticArray<string> = ["kid", "alg", "typ"];
const PAYLOAD: StaticArray<string> = ["iss", "aud", "azp"];
const TIMES: StaticArray<string> = ["exp", "nbf", "iat"];

/**
 * `party`: the issuer that an ID or logout token must be of; null: a bearer token may be any
 * issuer's.
 */
export function writeRefused(
  writer: Writer,
  token: Token,
  reason: Reason,
  settings: Settings,
  party: Issuer | null,
): void {
  const header = token.header;
  const payload = token.payload;
  if (!header) return;
  writer.openObject("token");
  writeClaims(writer, header, HEADER);
  if (payload) {
    writeClaims(writer, payload, PAYLOAD);
    for (let i = 0; i < TIMES.length; i++) {
      const seconds = secondsOf(payload, TIMES[i]);
      if (seconds >= 0) writer.bytes(TIMES[i], timestamp(seconds));
    }
  }
  writer.close();
  const iss = payload ? payload.stringOf("iss") : null;
  const index = iss ? indexOf(iss, settings.issuers) : -1;
  writeExpected(writer, reason, settings, party, index);
}

function writeClaims(writer: Writer, json: Json, names: StaticArray<string>): void {
  for (let i = 0; i < names.length; i++) {
    const value = json.member(names[i]);
    if (!value) continue;
    if (value.isString) writer.bytes(names[i], cut(value.text, LOG_TEXT_BYTES));
    else if (value.isArray) writeTexts(writer, names[i], textsOf(value));
  }
}

function textsOf(list: Json): Array<Bytes> {
  const texts: Array<Bytes> = [];
  for (let it = list.first; it; it = it!.next) if (it.isString) texts.push(it.text);
  return texts;
}

/** Writes the user's name, unless it is missing or `audit.user` turns it off. */
export function writeUser(writer: Writer, subject: Bytes, user: Bytes, settings: Settings): void {
  const isName = user.length > 0 && !user.equals(subject);
  if (isName && settings.namesUsers) writer.bytes("user", user);
}

/** As many as a line may hold. */
export function writeTexts(writer: Writer, name: string, texts: Array<Bytes>): void {
  writer.openArray(name);
  for (let i = 0; i < min(texts.length, LOG_TEXTS); i++) {
    writer.element(cut(texts[i], LOG_TEXT_BYTES));
  }
  writer.closeArray();
}

/** Writes the expected values, if the configuration or the keys have them. */
function writeExpected(
  writer: Writer,
  reason: Reason,
  settings: Settings,
  party: Issuer | null,
  index: i32,
): void {
  const issuer = party ? party : index < 0 ? null : settings.issuers[index];
  let name = "";
  let texts: Array<Bytes> = [];
  if (reason == Reason.IssuerUnknown || reason == Reason.IssuerInvalid) {
    name = "iss";
    if (party) texts.push(party.name);
    else {
      for (let i = 0; i < settings.issuers.length; i++) {
        if (settings.issuers[i].tenants.length == 0) texts.push(settings.issuers[i].name);
      }
    }
  } else if (reason == Reason.TypeNotAllowed) {
    name = "typ";
    texts = settings.validation.tokenTypes;
  } else if (!issuer) return;
  else if (reason == Reason.AudienceMismatch || reason == Reason.AudienceInvalid) {
    name = "aud";
    texts = party ? [issuer.clientId!] : issuer.audiences;
  } else if (reason == Reason.AuthorizedPartyMismatch) {
    name = "azp";
    texts.push(issuer.clientId!);
  } else if (reason == Reason.AlgorithmNotAllowed) {
    name = "alg";
    for (let i = 0; i < issuer.algorithms.length; i++) {
      texts.push(Bytes.of(issuer.algorithms[i].name));
    }
  } else if (reason == Reason.KeyUnknown) {
    name = "kid";
    addIds(texts, issuer.keys);
    const fetched = issuer.usableFileKeys;
    if (fetched) addIds(texts, fetched);
  }
  if (name.length == 0) return;
  writer.openObject("expected");
  writeTexts(writer, name, texts);
  writer.close();
}

function addIds(texts: Array<Bytes>, keys: Array<Key>): void {
  for (let i = 0; i < keys.length; i++) texts.push(keys[i].id);
}
