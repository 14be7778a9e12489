/** Loops over texts: bytes, JSON, URLs, headers, pages. */
export default {
  "text/bytes.ts": {
    narrowTo: "TEXT_BYTES / 8",
    "Bytes.join": ["ARGUMENTS", "ARGUMENTS"],
    isFolded: "WORD_BYTES / 8",
    "Bytes.equalsInAnyCase": "TEXT_BYTES",
    "Bytes.contains": "TEXT_BYTES",
    findEither: "TEXT_BYTES / 32",
    "Bytes.trim": "TEXT_BYTES",
    "Bytes.isVisible": "TEXT_BYTES / 16",
    isSame: ["TEXT_BYTES / 256 + 1", "4", "3"],
  },
  "text/packed.ts": {
    sizeOfPacked: "OWNED_HEADERS",
  },
  "text/names.ts": {
    // At most half of the slots are taken: a free one comes.
    "Names.slotOf": "NAMES",
    "Names.rehash": "NAMES",
    hashOf: "TEXT_BYTES / 8",
  },
  "text/hex.ts": {
    decodeHex: "TEXT_BYTES / 2",
    encodeHex: "TEXT_BYTES",
    hexOf: "8",
  },
  "text/ascii.ts": {
    isOneOf: "32",
  },
  "text/base64url.ts": {
    prepare: ["26", "10"],
    decode: "3",
    decodeWide: "TEXT_BYTES / 16",
    encode: "TEXT_BYTES / 3",
    decodeBase64: "TEXT_BYTES",
    decodeEither: ["2", "TEXT_BYTES"],
    encodeBase64: "TEXT_BYTES",
  },
  "text/time.ts": {
    // Seconds with a fraction: `2027-01-01T00:00:00Z` and what a person writes behind.
    parseTimestamp: "20",
    number: "4",
  },
  "text/utf8.ts": {
    isUtf8: "TEXT_BYTES",
    sequence: "3",
    cut: "LOG_TEXT_BYTES",
  },
  "text/loose-name.ts": {
    "LooseName.next": "TEXT_BYTES",
    "LooseName.putCode": "4",
    "LooseName.decode": "3",
    looseForm: "EXPRESSION_BYTES",
    // A search by halves.
    folded: "16",
  },
  "text/nearest.ts": {
    nearest: "WORDS",
    editDistance: ["WORD_BYTES + 1", "64", "WORD_BYTES"],
  },
  "json/scanner.ts": {
    "Scanner.skip": "TEXT_BYTES",
    "Scanner.word": "5",
    "Scanner.digits": "TEXT_BYTES",
    "Scanner.string": "TEXT_BYTES",
    "Scanner.unit": "4",
    "Scanner.text": "TEXT_BYTES",
    plainEnd: "TEXT_BYTES / 16",
  },
  "json/parse.ts": {
    readArray: "ELEMENTS",
    readObject: "JSON_MEMBERS + 1",
  },
  "json/value.ts": {
    "Json.find": "MEMBERS",
    "Json.member": "MEMBERS",
  },
  "json/questions.ts": {
    "Question.take": "ARGUMENTS",
    "Question.isSame": "ARGUMENTS",
    areSame: "ARGUMENTS",
    // Of all questions about a body: each is a condition of a rule.
    "Place.find": "CONDITIONS",
    "Place.spoil": "CONDITIONS",
    "Questions.add": ["EXPRESSION_BYTES", "CONDITIONS"],
    "Questions.clear": "CONDITIONS",
    "Questions.take": "CONDITIONS",
    "Questions.isExact": "JSON_DEPTH",
    "Questions.array": "ELEMENTS",
    // Members may stand twice here: all are looked at.
    "Questions.object": "ELEMENTS",
    // It halts only where more of the name counts.
    "Questions.follow": "EXPRESSION_BYTES",
  },
  "json/number.ts": {
    toInteger: "TEXT_BYTES",
    // The mantissa's digits, and zeros for the exponent, which is held within 99.
    toSeconds: ["TEXT_BYTES", "TEXT_BYTES"],
    exponentOf: "TEXT_BYTES",
  },
  "json/writer.ts": {
    "Writer.escaped": "TEXT_BYTES",
    "Writer.json": "ELEMENTS",
    isPrinted: "TEXT_BYTES / 16",
  },
  "http/header.ts": {
    capitalize: "HEADER_BYTES",
    fold: "HEADER_BYTES",
    foldsTo: "HEADER_BYTES",
    isToken: "TEXT_BYTES",
    appendValue: "TEXT_BYTES",
  },
  "http/header-names.ts": {
    "HeaderNames.all": "HEADER_BYTES",
  },
  "http/host.ts": {
    readHost: "HEADER_BYTES",
    readName: ["HEADER_BYTES / 16", "HEADER_BYTES"],
    isNumber: "HEADER_BYTES",
  },
  "http/path.ts": {
    "Path.checkQuery": "URI_BYTES",
    "Reader.read": "PATH_BYTES",
    "Reader.run": "PATH_BYTES",
  },
  "http/plain-path.ts": {
    plainLength: "URI_BYTES / 32",
  },
  "http/header-changes.ts": {
    "HeaderChanges.all": "HEADER_BYTES",
    "HeaderChanges.unpack": "OWNED_HEADERS",
  },
  "http/elements.ts": {
    "Elements.next": "HEADER_BYTES",
  },
  "http/upgrade.ts": {
    hasElement: "SMALL_HEADER_BYTES",
  },
  "http/query.ts": {
    "Parameters.next": "URI_BYTES",
    "Parameters.decode": "URI_BYTES",
    withoutParameter: "URI_BYTES",
  },
  "http/navigation.ts": {
    canDetour: "HEADER_BYTES",
    // What holds a page within a page.
    isFramed: "4",
  },
  "http/media-type.ts": {
    saysJson: "SMALL_HEADER_BYTES",
    isInUtf8: "SMALL_HEADER_BYTES",
    aliasIsThere: "HEADER_BYTES",
  },
  "http/method.ts": {
    hasLowerCase: "EXPRESSION_BYTES",
  },
  "http/escape.ts": {
    escaped: "TEXT_BYTES",
  },
  "http/address.ts": {
    readIPv4: "EXPRESSION_BYTES",
    readIPv6: ["EXPRESSION_BYTES", "4"],
    writeIPv6: ["16", "8", "8"],
    readRange: "EXPRESSION_BYTES",
    hostOfPeer: "HEADER_BYTES",
    networkOf: "16",
  },
  "http/request-id.ts": {
    isSaneId: "SMALL_HEADER_BYTES",
  },
  "http/response.ts": {
    "HeaderFields.replace": "ANSWER_HEADERS",
    "Response.cookies": "COOKIES_SET",
  },
  "http/url.ts": {
    isTarget: "TEXT_BYTES",
    "Url.normalize": "TEXT_BYTES",
    has: "WORD_BYTES",
    isDotSegment: "TEXT_BYTES",
    isAsBrowsersWriteIt: "TEXT_BYTES",
  },
  "http/cookie.ts": {
    "Cookies.next": "HEADER_BYTES",
    afterSpace: "HEADER_BYTES",
    beforeSpace: "HEADER_BYTES",
    without: "HEADER_BYTES",
    isOf: "2",
  },
  "http/protocols.ts": {
    "Protocols.constructor": "HEADER_BYTES",
  },
  "outcome/answer.ts": {
    answerTo: "WORDS",
  },
  "pages/page.ts": {
    "Parameters.constructor": "WORDS",
    "Page.write": "PAGE_BYTES",
  },
  "pages/provider-error.ts": {
    find: "PAGE_BYTES",
  },
  "pages/escape.ts": {
    writeText: "TEXT_BYTES",
    writeAddress: "TEXT_BYTES",
  },
  "pages/language.ts": {
    languageOf: ["SMALL_HEADER_BYTES", "7"],
    rangeEnd: "SMALL_HEADER_BYTES",
    named: "7",
    weightOf: "SMALL_HEADER_BYTES",
  },
  "pages/output.ts": {
    "Output.text": "PAGE_BYTES",
  },
  "pages/unpack.ts": {
    partOf: "WORDS",
  },
  "pages/headers.ts": {
    headersOf: "PAGE_BYTES",
  },
};
