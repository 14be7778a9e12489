/** Mutants that no test can tell from the guest, and why: another check refuses the same, or nothing gets there. */
export const EQUIVALENT: Record<string, string> = {
  "gate/decide#resume:WrongHost | !ring": "checkBrowser has refused every host that has no keys.",
  "gate/special#isReportable: reason == Reason.None | reason == Reason.None":
    "A request that is allowed has no code, and is not among those below.",
  "gate/decide#weigh:ConfigError | isUndecided":
    "Each operator is in the switch of policy/evaluate#answerRare, and of a body that was read nothing is unknown.",
  "gate/decide#apply: isSpecial | facts.unread": "`weigh` refuses for the same reason.",
  "gate/allow#allow:ConfigError | return Reason.ConfigError":
    "Rules are of the four kinds in the switch (config/rules).",
  "gate/cache#find: length < 8 | length < 8":
    "None so short is stored; before any that a request brings there are eight bytes to load.",
  "policy/evaluate#answerRare: return false (2) | return false":
    "Each operator is in the switch; else `undecided` has the request refused whatever is answered.",
  "claims/test#holds: return false | return false":
    "Each question is in the switch; one that is not is an error of the configuration (isUnknown).",
  "claims/validate#checkWhom:AudienceMismatch | return Reason.AudienceMismatch":
    "Tokens are of the four kinds in the switch.",
  "claims/validate#checkKind:NotAnAccessToken (3) | return Reason.NotAnAccessToken":
    "Tokens are of the four kinds in the switch.",
  "login/transaction#idOf: state.length > ID && state.at(ID) == Char.Dot | state.length > ID":
    "A shorter one has nothing sealed behind the id, and openState refuses it.",
  "login/return-address#isOwnPath: c <= 0x20 || c >= 0x7f || c == Char.Backslash || c == Char.Hash || c == Char.Quote || c == Char.Less || c == Char.Greater | c <= 0x20":
    "http/path refuses white space and controls in a path and in a query.",
  "login/router#handle:page (2) | path.ambiguous != Reason.None":
    "What is ambiguous keeps an escape in its text (http/path), and no route's name has one.",
  "login/router#handle:page (2) | path.text.length <= base":
    "Of what is no longer than the base nothing is left, and no route's name is empty.",
  "login/id-token#isTrusted: !context.login.trustTransport || context.issuer.hasKeySource | !context.login.trustTransport":
    "Without trustTransport an issuer that has no source of keys is an error of the configuration (config/keys#readKeys).",
  "claims/api-key#isKey: text.length != LENGTH || !looksLikeKey(text) | !looksLikeKey(text)":
    "Only what looks like a key is looked up as one (gate/decide).",
  "jose/key#allows: ( algorithm != NO_ALGORITHM && this.verifying && algorithm.keyType == this.type && algorithm.curve == this.curve && (this.only == NO_ALGORITHM || this.only == algorithm) && this.isLongEnough(algorithm) ) | algorithm != NO_ALGORITHM":
    "NO_ALGORITHM has a type of key that no key is of.",
  "jose/key#isSignature: return false | return false":
    "allows() has refused every algorithm that is not in the switch.",
  "crypto/ecdsa#verify: return false | return false": "Keys are of the three curves in the switch.",
  "crypto/ecdsa#of: x.length != size || y.length != size | x.length != size":
    "jose/jwk has refused coordinates of another size; a PEM's are cut to size.",
  "crypto/ecdsa#of: x.length != size || y.length != size | y.length != size":
    "jose/jwk has refused coordinates of another size; a PEM's are cut to size.",
  "crypto/ed25519#of: encoded.length != KEY_BYTES | encoded.length != KEY_BYTES":
    "jose/jwk has refused a key of another size, and so has the reader of PEM.",
  "crypto/ecdsa#inRange: !isZero(a, modulus.words) && compare(a, modulus.n, modulus.words) < 0 | !isZero(a, modulus.words)":
    "s = 0 makes the sum infinity, which decide refuses. r = 0 takes a point whose x is 0 or n: its discrete logarithm.",
  "crypto/edwards#decodeOpposite: isZero(words, WORDS) && sign | isZero(words, WORDS) && sign":
    "x is 0 for y = 1 and y = -1 only: points of order 1 and 2, which isSmall refuses.",
  "crypto/emsa#isPss: zeros < 0 || encoded.at(encoded.length - 1) != 0xbc | zeros < 0":
    "Keys have 2048 bits at least, and two digests of SHA-512 with two bytes are 1040.",
  "json/scanner#word: this.at + word.length > this.end | this.at + word.length > this.end":
    "A word that is read beyond the end leaves the scanner there, and both readers want to stop exactly at the end.",
  "session/revocation#isSameAt: ( records.at(at) == record.at(0) && isSame(records.start + at + HASH, record.start + HASH, 16) ) | records.at(at) == record.at(0)":
    "The kind is hashed with the name, so two of different kinds have different hashes.",
  "session/cookies#readSealed: parts[index] | parts[index]":
    "Of n cookies with two of one name there are n - 1 parts at most, so one of the parts 1 to n is missing.",
  "session/seal#open: !value || value.length < SHORTEST | value.length < SHORTEST":
    "The cipher refuses what is shorter than a tag.",
  "crypto/xchacha20-poly1305#open: key.length != KEY_BYTES || nonce.length != NONCE_BYTES || length < 0 | length < 0":
    "session/seal has refused what is shorter than a tag; called with it all the same, the tag is not right.",
  "http/path#checkQuery:PathControl | query.at(i) == 0x7f":
    "Go refuses DEL in a request line and in a header (net/url, httpguts).",
  "http/path#read:PathMalformed | source.length == 0":
    "Go gives at least a slash, and mode auth takes nothing that does not begin with one.",
  "http/address#readIPv4: value < 0 || parts == 4 | parts == 4":
    "The count at the end refuses it as well; this one bounds what is written.",
  "http/address#hostOfPeer: colon < 0 | colon < 0":
    "What has no colon is then read as no text, which is no address either.",
  "http/url#isTarget: text.length == 0 || text.at(0) != Char.Slash | text.length == 0":
    "Every caller has a slash at least.",
  "session/keys#of: secrets[i].length < SECRET_BYTES | secrets[i].length < SECRET_BYTES":
    "The configuration has refused a shorter secret (config/session#readOne).",
  "session/fields#bytes:fail | this.broken":
    "done is false for good once a field was broken, whatever is read behind it.",
  "session/fields#bytes:fail (2) | length > <u32>left":
    "A field that reads beyond the value does not end at its end, so done is false.",
  "session/fields#text:fail | isUtf8(value)": "Nothing in the guest reads a field as text.",
  "session/seal#open: sealed.length > HEADER_BYTES | sealed.length > HEADER_BYTES":
    "No request that is read has so long a value: its headers and its address are bounded.",
  "login/userinfo#onResponse:refuse (4) | !cookies":
    "The claims are bounded by what headers can carry, which cookies hold.",
};
