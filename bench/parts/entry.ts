/** What `npm run bench -- --new-tokens` calls: the parts of a token's verification, each in a loop inside the guest. */
import { identify, verify } from "../../assembly/identity/verify";
import { TokenKind, validate } from "../../assembly/claims/validate";
import { readSettings } from "../../assembly/config/read";
import { Report } from "../../assembly/config/report";
import { SecretSources } from "../../assembly/config/secret";
import { Settings } from "../../assembly/config/settings";
import { digest } from "../../assembly/crypto/hash";
import { importJwk } from "../../assembly/jose/jwk";
import { Candidates } from "../../assembly/jose/jwks";
import { Key } from "../../assembly/jose/key";
import { Token } from "../../assembly/jose/token";
import { parse } from "../../assembly/json/parse";
import { Json } from "../../assembly/json/value";
import { guest, request } from "../../assembly/runtime/arena";
import { decode } from "../../assembly/text/base64url";
import { Bytes } from "../../assembly/text/bytes";

enum Part {
  Base64,
  Json,
  Hash,
  Signature,
  Claims,
  Identity,
  All,
  KeyImport,
}

/** A token, and what its parts begin with. */
class Sample {
  constructor(
    readonly text: Bytes,
    readonly token: Token,
    readonly pieces: Array<Bytes>,
    readonly header: Bytes,
    readonly payload: Bytes,
    readonly key: Key,
  ) {}
}

let settings: Settings = new Settings();
let jwk: Json | null = null;
const samples: Array<Sample> = [];

/** Room for input that stays until the end. */
export function buffer(length: i32): usize {
  const before = guest.enter();
  const at = heap.alloc(length);
  before.enter();
  return at;
}

function none(_name: Bytes): Bytes | null {
  return null;
}

/** Reads the middleware's block, and the key that is to be imported. Returns the number of errors. */
export function configure(config: usize, length: i32, key: usize, keyLength: i32): i32 {
  guest.enter();
  const report = new Report();
  const document = parse(new Bytes(config, length));
  settings = readSettings(document, report, new SecretSources(none, none, none));
  jwk = parse(new Bytes(key, keyLength));
  return report.errors;
}

/** Adds a token. False: it would be refused. */
export function add(at: usize, length: i32): bool {
  guest.enter();
  const text = new Bytes(at, length);
  const token = Token.parse(text, settings.validation.tokenTypes);
  if (token.reason != 0) return false;
  const first = text.indexOf(0x2e);
  const second = text.indexOf(0x2e, first + 1);
  const pieces = [text.slice(0, first), text.slice(first + 1, second), text.rest(second + 1)];
  const candidates = new Candidates(token.kid, token.algorithm);
  candidates.consider(settings.issuers[0].keys);
  if (candidates.keys.length != 1) return false;
  const header = decode(pieces[0])!;
  const payload = decode(pieces[1])!;
  samples.push(new Sample(text, token, pieces, header, payload, candidates.keys[0]));
  return true;
}

/** Does a part for one token after the other, `times` times. Returns how many were in order. */
export function run(part: Part, times: i32, now: i64): i32 {
  let good = 0;
  for (let i = 0, at = 0; i < times; i++) {
    request.enter();
    request.clear();
    good += i32(does(part, samples[at], now));
    if (++at == samples.length) at = 0;
  }
  return good;
}

function does(part: Part, sample: Sample, now: i64): bool {
  const token = sample.token;
  switch (part) {
    case Part.Base64:
      return (
        decode(sample.pieces[0]) !== null &&
        decode(sample.pieces[1]) !== null &&
        decode(sample.pieces[2]) !== null
      );
    case Part.Json:
      return parse(sample.header) !== null && parse(sample.payload) !== null;
    case Part.Hash:
      return digest(token.algorithm.hash, token.input).length > 0;
    case Part.Signature:
      return sample.key.verify(token.algorithm, token.input, token.signature);
    case Part.Claims: {
      const party = settings.issuers[0].party;
      const rules = settings.validation;
      const payload = token.payload!;
      return validate(TokenKind.Bearer, payload, false, party, rules, now).reason == 0;
    }
    case Part.Identity:
      return identify(token.payload!, 0, now, settings) !== null;
    case Part.All:
      return verify(sample.text, settings, now).identity !== null;
    case Part.KeyImport:
      return importJwk(jwk!).key !== null;
    default:
      return false;
  }
}
