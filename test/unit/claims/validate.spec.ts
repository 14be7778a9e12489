import { Party } from "../../../assembly/claims/audience";
import { Validity } from "../../../assembly/claims/times";
import { TokenKind, validate } from "../../../assembly/claims/validate";
import { SubjectRule, Validation } from "../../../assembly/claims/validation";
import { parse } from "../../../assembly/json/parse";
import { nameOf } from "../../../assembly/outcome/reason";
import { Bytes } from "../../../assembly/text/bytes";

const NOW: i64 = 1_000_000;

function standard(): Validation {
  const rules = new Validation();
  rules.clockSkew = 30;
  return rules;
}

const OTHERS: string[] = ['"events":{}', '"typ":"Refresh"', '"typ":"Offline"', '"typ":"Logout"'];
const ID: string[] = ['"nonce":"x"', '"at_hash":"x"', '"c_hash":"x"'];
const SAYS_ID: string[] = ['"typ":"ID"', '"token_use":"id"'];
const EVENTS = '"events":{"http://schemas.openid.net/event/backchannel-logout":{}}';
const LOGOUT = '"iat":1000000,"sub":"a",' + EVENTS;

/** A payload of our issuer, with `"aud":"app"` and an `exp` added when it does not say otherwise. */
function check(
  members: string,
  rules: Validation = standard(),
  kind: TokenKind = TokenKind.Bearer,
  isAccessType: bool = false,
  client: string = "client",
): Validity {
  let payload = '"iss":"https://i"' + (members.length > 0 ? "," : "") + members;
  if (!members.includes('"aud"')) payload += ',"aud":"app"';
  if (!members.includes('"exp"')) payload += ',"exp":1000100';
  const json = parse(Bytes.of("{" + payload + "}"))!;
  const party = new Party(Bytes.of("https://i"), Bytes.of(client), [Bytes.of("app")]);
  return validate(kind, json, isAccessType, party, rules, NOW);
}

function reason(members: string, rules: Validation = standard()): string {
  return nameOf(check(members, rules).reason);
}

/** Where our audience is our own client. */
function asClient(
  members: string,
  rules: Validation = standard(),
  isAccessType: bool = false,
): string {
  return nameOf(check(members, rules, TokenKind.Bearer, isAccessType, "app").reason);
}

/** What is no bearer token, for the client `app`. */
function other(kind: TokenKind, members: string): string {
  return nameOf(check(members, standard(), kind, false, "app").reason);
}

describe("the audience", () => {
  test("is a text or a list of texts", () => {
    expect(reason('"aud":"app"')).toBe("none");
    expect(reason('"aud":["x","app"]')).toBe("none");
    expect(reason('"aud":"apps"')).toBe("audience_mismatch");
    expect(reason('"aud":["x"]')).toBe("audience_mismatch");
    expect(reason('"aud":[]')).toBe("audience_mismatch");
    expect(reason('"aud":["app",1]')).toBe("audience_invalid");
    expect(reason('"aud":{"app":true}')).toBe("audience_invalid");
    expect(reason('"aud":null')).toBe("audience_invalid");
  });
  test("may be azp instead only where the configuration says so", () => {
    expect(reason('"aud":"account","azp":"client"')).toBe("audience_mismatch");
    const rules = standard();
    rules.acceptAzp = true;
    expect(reason('"aud":"account","azp":"client","scope":"a"', rules)).toBe("none");
    expect(reason('"aud":"account","azp":"client"', rules)).toBe("not_an_access_token");
    expect(reason('"aud":"account","azp":"other"', rules)).toBe("audience_mismatch");
    expect(reason('"aud":"account","azp":["client"]', rules)).toBe("audience_mismatch");
  });
});

describe("times", () => {
  test("exp holds up to the skew after it", () => {
    expect(reason('"exp":999971')).toBe("none");
    expect(reason('"exp":999970')).toBe("token_expired");
    expect(reason('"exp":1000000.5')).toBe("none");
    expect(reason('"exp":"1000100"')).toBe("expiration_invalid");
    expect(reason('"exp":1e400')).toBe("expiration_invalid");
    expect(reason('"exp":-1')).toBe("expiration_invalid");
    expect(reason('"exp":null')).toBe("expiration_invalid");
    const json = parse(Bytes.of('{"iss":"i","aud":"app"}'))!;
    const rules = standard();
    const party = new Party(Bytes.of("i"), null, [Bytes.of("app")]);
    expect(nameOf(validate(TokenKind.Bearer, json, false, party, rules, NOW).reason)).toBe(
      "expiration_missing",
    );
    rules.requireExpiration = false;
    expect(nameOf(validate(TokenKind.Bearer, json, false, party, rules, NOW).reason)).toBe("none");
  });
  test("nbf and iat may be ahead by the skew", () => {
    expect(reason('"nbf":1000030')).toBe("none");
    expect(reason('"nbf":1000031')).toBe("token_not_yet_valid");
    expect(reason('"nbf":"x"')).toBe("not_before_invalid");
    expect(reason('"iat":1000030')).toBe("none");
    expect(reason('"iat":1000031')).toBe("issued_in_future");
    expect(reason('"iat":true')).toBe("issued_at_invalid");
  });
  test("a token may not be older than maxTokenAge", () => {
    const rules = standard();
    rules.maxTokenAge = 100;
    expect(reason('"iat":999870', rules)).toBe("none");
    expect(reason('"iat":999869', rules)).toBe("token_too_old");
    expect(reason("", rules)).toBe("issued_at_invalid");
  });
  test("the last second is the earliest of all", () => {
    const rules = standard();
    rules.maxTokenAge = 100;
    const members = '"iat":1000000,"exp":1000010';
    expect(check(members, rules).lastSecond).toBe(1000039);
    rules.maxTokenAge = 5;
    expect(check(members, rules).lastSecond).toBe(1000035);
  });
});

describe("the subject", () => {
  test("is a text of 1 to 255 characters, where it is there", () => {
    expect(reason("")).toBe("none");
    expect(reason('"sub":"' + "s".repeat(255) + '"')).toBe("none");
    expect(reason('"sub":"' + "ü".repeat(255) + '"')).toBe("none");
    expect(reason('"sub":"' + "s".repeat(256) + '"')).toBe("subject_invalid");
    const bad = ['""', "123456", "null", "true", '["a","b"]', '{"a":1}'];
    for (let i = 0; i < bad.length; i++) {
      expect(reason('"sub":' + bad[i])).toBe("subject_invalid", bad[i]);
    }
  });
  test("is needed by type, or as the configuration says", () => {
    const rules = standard();
    expect(nameOf(check("", rules, TokenKind.Bearer, true).reason)).toBe("subject_missing");
    expect(nameOf(check('"sub":"a"', rules, TokenKind.Bearer, true).reason)).toBe("none");
    rules.requireSubject = SubjectRule.Never;
    expect(nameOf(check("", rules, TokenKind.Bearer, true).reason)).toBe("none");
    expect(reason('"sub":""', rules)).toBe("subject_invalid");
    rules.requireSubject = SubjectRule.Always;
    expect(reason("", rules)).toBe("subject_missing");
  });
});

describe("a token of another kind", () => {
  test("is no access token", () => {
    const others = OTHERS.concat(ID).concat(SAYS_ID);
    for (let i = 0; i < others.length; i++) {
      expect(reason(others[i])).toBe("not_an_access_token", others[i]);
    }
    expect(reason('"typ":"Bearer"')).toBe("none");
  });
  test("may be one with a nonce, where access tokens have it", () => {
    const rules = standard();
    rules.allowNonce = true;
    for (let i = 0; i < ID.length; i++) expect(reason(ID[i], rules)).toBe("none");
    for (let i = 0; i < SAYS_ID.length; i++) {
      expect(reason(SAYS_ID[i], rules)).toBe("not_an_access_token");
    }
    for (let i = 0; i < OTHERS.length; i++) {
      expect(reason(OTHERS[i], rules)).toBe("not_an_access_token");
    }
    expect(asClient('"nonce":"x"', rules)).toBe("not_an_access_token");
    expect(asClient('"nonce":"x","scope":"openid"', rules)).toBe("none");
  });
  test("may be an ID token, where those are accepted, and nothing else", () => {
    const rules = standard();
    rules.acceptIdTokens = true;
    const ids = ID.concat(SAYS_ID);
    for (let i = 0; i < ids.length; i++) expect(asClient(ids[i], rules)).toBe("none");
    expect(asClient("", rules)).toBe("none");
    for (let i = 0; i < OTHERS.length; i++) {
      expect(asClient(OTHERS[i], rules)).toBe("not_an_access_token");
    }
  });
  test("has to show that it is an access token, where our audience is our client", () => {
    const access = [
      '"typ":"Bearer"',
      '"scope":"openid"',
      '"scp":["read"]',
      '"azpacr":"1"',
      '"appidacr":"2"',
      '"token_use":"access"',
      '"client_id":"other"',
      '"aud":["app"],"client_id":"other"',
    ];
    for (let i = 0; i < access.length; i++) expect(asClient(access[i])).toBe("none", access[i]);
    expect(asClient('"sub":"a"', standard(), true)).toBe("none");
    const unclear = [
      "",
      '"azp":"app"',
      '"azp":"other"',
      '"client_id":"app"',
      '"client_id":7',
      '"aud":["app","other"],"client_id":"other"',
      '"roles":["owner"]',
      '"typ":"JWT"',
    ];
    for (let i = 0; i < unclear.length; i++) {
      expect(asClient(unclear[i])).toBe("not_an_access_token", unclear[i]);
    }
    // Another audience of ours is an API's, and no ID token has it.
    expect(reason("")).toBe("none");
  });
  test("is bound to a key that a plain bearer does not prove", () => {
    const bound = ['{"jkt":"abc"}', '{"x5t#S256":"abc"}', "{}", '"x"', "null"];
    for (let i = 0; i < bound.length; i++) {
      expect(reason('"cnf":' + bound[i])).toBe("sender_constrained", bound[i]);
    }
  });
});

describe("ID, access and logout tokens", () => {
  test("are for the client, not for its audiences", () => {
    const rules = standard();
    const id = '"sub":"a","iat":1000000';
    expect(nameOf(check(id, rules, TokenKind.Id).reason)).toBe("audience_mismatch");
    expect(other(TokenKind.Id, id)).toBe("none");
    expect(nameOf(check(LOGOUT, rules, TokenKind.Logout).reason)).toBe("audience_mismatch");
    expect(other(TokenKind.Logout, LOGOUT)).toBe("none");
  });
  test("need what their specifications say", () => {
    expect(other(TokenKind.Id, '"iat":1000000')).toBe("subject_missing");
    expect(other(TokenKind.Id, '"sub":"a"')).toBe("issued_at_invalid");
    expect(other(TokenKind.Logout, '"sub":"a",' + EVENTS)).toBe("issued_at_invalid");
    expect(other(TokenKind.Logout, '"iat":1000000,"sid":"s",' + EVENTS)).toBe("none");
    expect(other(TokenKind.Logout, '"iat":1000000,"sid":"s","sub":null,' + EVENTS)).toBe("none");
    expect(other(TokenKind.Logout, '"iat":1000000,"sid":"",' + EVENTS)).toBe("subject_missing");
    expect(other(TokenKind.Logout, LOGOUT.replace("1000000", "999700"))).toBe("none");
    expect(other(TokenKind.Logout, LOGOUT.replace("1000000", "999699"))).toBe("token_too_old");
  });
  test("an access token beside an ID token is checked as a bearer token is, but for whom it is for", () => {
    expect(other(TokenKind.Access, '"sub":"a","aud":"api"')).toBe("none");
    expect(other(TokenKind.Access, '"sub":"a","aud":"app","cnf":{}')).toBe("none");
    expect(other(TokenKind.Access, '"aud":"api"')).toBe("subject_missing");
    expect(other(TokenKind.Access, '"sub":"a","iat":1000031')).toBe("issued_in_future");
    expect(other(TokenKind.Access, '"sub":"a","typ":"Refresh"')).toBe("not_an_access_token");
    expect(other(TokenKind.Access, '"sub":"a","typ":"ID"')).toBe("not_an_access_token");
    const rules = standard();
    rules.maxTokenAge = 100;
    const old = '"sub":"a","iat":999800';
    expect(nameOf(check(old, rules, TokenKind.Access).reason)).toBe("token_too_old");
  });
  test("of another issuer is none", () => {
    const json = parse(Bytes.of('{"iss":"https://j","aud":"app","sub":"a","exp":1000100}'))!;
    const party = new Party(Bytes.of("https://i"), Bytes.of("app"), [Bytes.of("app")]);
    const kinds = [TokenKind.Bearer, TokenKind.Access, TokenKind.Id, TokenKind.Logout];
    for (let i = 0; i < kinds.length; i++) {
      const validity = validate(kinds[i], json, true, party, standard(), NOW);
      expect(nameOf(validity.reason)).toBe("issuer_unknown");
    }
  });
});
