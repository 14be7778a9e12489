import { validate, Validation } from "../../../assembly/claims/validate";
import { parse } from "../../../assembly/json/parse";
import { nameOf } from "../../../assembly/outcome/reason";
import { Bytes } from "../../../assembly/text/bytes";

const NOW: i64 = 1_000_000;

/** The reason for a payload, with `"aud":"app"` and an `exp` added when it does not say otherwise. */
function reason(members: string, rules: Validation = new Validation()): string {
  let payload = members;
  if (!members.includes('"aud"')) payload += (payload.length > 0 ? "," : "") + '"aud":"app"';
  if (!members.includes('"exp"')) payload += ',"exp":1000100';
  const json = parse(Bytes.of("{" + payload + "}"))!;
  return nameOf(validate(json, rules, [Bytes.of("app")], Bytes.of("client"), NOW).reason);
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
    const rules = new Validation();
    rules.acceptAzp = true;
    expect(reason('"aud":"account","azp":"client"', rules)).toBe("none");
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
    const json = parse(Bytes.of('{"aud":"app"}'))!;
    const rules = new Validation();
    expect(nameOf(validate(json, rules, [Bytes.of("app")], null, NOW).reason)).toBe(
      "expiration_missing",
    );
    rules.requireExpiration = false;
    expect(nameOf(validate(json, rules, [Bytes.of("app")], null, NOW).reason)).toBe("none");
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
    const rules = new Validation();
    rules.maxTokenAge = 100;
    expect(reason('"iat":999870', rules)).toBe("none");
    expect(reason('"iat":999869', rules)).toBe("token_too_old");
    expect(reason("", rules)).toBe("issued_at_invalid");
  });
  test("the last second is the earliest of all", () => {
    const rules = new Validation();
    rules.maxTokenAge = 100;
    const json = parse(Bytes.of('{"aud":"app","iat":1000000,"exp":1000010}'))!;
    expect(validate(json, rules, [Bytes.of("app")], null, NOW).lastSecond).toBe(1000039);
    rules.maxTokenAge = 5;
    expect(validate(json, rules, [Bytes.of("app")], null, NOW).lastSecond).toBe(1000035);
  });
});

describe("a token of another kind", () => {
  test("is no access token", () => {
    const others = [
      '"nonce":"x"',
      '"at_hash":"x"',
      '"c_hash":"x"',
      '"events":{}',
      '"typ":"ID"',
      '"typ":"Refresh"',
      '"typ":"Offline"',
      '"typ":"Logout"',
    ];
    for (let i = 0; i < others.length; i++)
      expect(reason(others[i])).toBe("not_an_access_token", others[i]);
    expect(reason('"typ":"Bearer"')).toBe("none");
    const rules = new Validation();
    rules.allowNonce = true;
    expect(reason('"nonce":"x"', rules)).toBe("none");
    expect(reason('"typ":"ID"', rules)).toBe("not_an_access_token");
  });
});
