import { Settings } from "../../../assembly/config/settings";
import { Bits } from "../../../assembly/claims/bits";
import { Identity } from "../../../assembly/claims/identity";
import { TokenCache } from "../../../assembly/gate/cache";
import { Credential, findCredential } from "../../../assembly/gate/credential";
import { Field, Request } from "../../../assembly/http/request";
import { Bytes } from "../../../assembly/text/bytes";

const settings = new Settings();

function read(header: Bytes, cache: TokenCache): Credential {
  const request = new Request(Bytes.of("GET"), Bytes.of("/"));
  request.set(Field.Token, header);
  const credential = new Credential();
  findCredential(request, Bytes.empty(), settings, cache, 5, credential);
  return credential;
}

function textOf(credential: Credential): string {
  const token = credential.token;
  const text = token ? token.toString() : "(none)";
  return `${text} ${credential.source} ${credential.reason} ${credential.ambiguous} ${credential.isForeign}`;
}

/** With a space at its end a header is not the plain one, and means the same. */
function isRight(header: Bytes, cache: TokenCache): bool {
  const one = read(header, cache);
  const other = read(header.concat(Bytes.of(" ")), cache);
  const isOne = one.token !== null && other.token !== null && one.token!.equals(other.token!);
  const isNone = one.token === null && other.token === null;
  const isAlike = one.source == other.source && one.isForeign == other.isForeign;
  return (
    (isOne || isNone) && isAlike && one.reason == other.reason && one.ambiguous == other.ambiguous
  );
}

function cached(token: Bytes): TokenCache {
  const cache = new TokenCache();
  const none = Bits.make(0);
  cache.store(token, Identity.make(0, 10, none, none, none, Bytes.of("alice"), [], []));
  return cache;
}

describe("a bearer token", () => {
  test("is read in one look as it is in several", () => {
    const cache = new TokenCache();
    for (let length = 0; length < 40; length += length < 4 ? 1 : 9) {
      const header = Bytes.of("Bearer " + "t".repeat(length));
      expect(isRight(header, cache)).toBe(true);
      for (let at = 0; at < header.length; at++) {
        const kept = header.at(at);
        let wrong = 0;
        for (let byte = 0; byte < 256; byte += byte < 0x80 ? 1 : 25) {
          header.set(at, <u8>byte);
          // The host joins values by NUL: at the end it would be an empty second one.
          if (!isRight(header, cache)) wrong++;
        }
        expect(wrong).toBe(0);
        header.set(at, kept);
      }
    }
  });
  test("that is cached is the same one", () => {
    const token = Bytes.of("t".repeat(40));
    const cache = cached(token);
    const found = read(Bytes.of("bEARER ").concat(token), cache);
    expect(found.known !== null && found.isSought).toBe(true);
    expect(textOf(found)).toBe(textOf(read(Bytes.of("Bearer ").concat(token), new TokenCache())));
    expect(isRight(Bytes.of("Bearer ").concat(token), cache)).toBe(true);
  });
  test("with what separates words or values is never cached", () => {
    const separators: StaticArray<u8> = [0, 9, 0x20, 0x2c, 0x7f, 0xff];
    for (let i = 0; i < separators.length; i++) {
      const token = Bytes.of("t".repeat(40));
      token.set(20, separators[i]);
      const header = Bytes.of("Bearer ").concat(token);
      expect(read(header, cached(token)).known !== null).toBe(separators[i] == 0x2c);
      expect(isRight(header, cached(token))).toBe(true);
    }
  });
});
