/** What is in no enumeration stands for a member that somebody adds and forgets: nobody gets anywhere by it. */
import { Bits } from "../../../assembly/claims/bits";
import { Identity } from "../../../assembly/claims/identity";
import { ClaimPath } from "../../../assembly/claims/path";
import { ClaimTest, ClaimValue, Question } from "../../../assembly/claims/test";
import { Issuer, Settings } from "../../../assembly/config/settings";
import { Gate } from "../../../assembly/gate/decide";
import { Field, Request } from "../../../assembly/http/request";
import { nameOf } from "../../../assembly/outcome/reason";
import { Builder } from "../../../assembly/policy/arguments";
import { Node, Operator } from "../../../assembly/policy/expression";
import { Signature } from "../../../assembly/policy/functions";
import { Allow, Rule } from "../../../assembly/policy/rule";
import { Prefilter } from "../../../assembly/policy/prefilter";
import { Vocabulary } from "../../../assembly/policy/vocabulary";
import { Bytes } from "../../../assembly/text/bytes";

const FORGOTTEN: i32 = 99;

function noBody(): Bytes | null {
  return null;
}

function nothingLate(_request: Request): void {}

function forgotten(): Node {
  return new Node(<Operator>FORGOTTEN);
}

function not(node: Node): Node {
  const outer = new Node(Operator.Not);
  outer.first = node;
  return outer;
}

function or(first: Node, second: Node): Node {
  const outer = new Node(Operator.Or);
  outer.first = first;
  first.next = second;
  return outer;
}

/** The decision's reason for a caller whose token is known, under one rule. */
function decided(match: Node | null, allow: Allow, expression: Node | null): string {
  const settings = new Settings();
  settings.issuers.push(new Issuer(Bytes.of("https://i")));
  const none = Bytes.empty();
  settings.rules.push(new Rule(Bytes.of("it"), match, allow, expression, none, false));
  settings.prefilter = new Prefilter(settings.rules);
  settings.defaultRule = new Rule(none, null, Allow.Authenticated, null, none, false);
  const gate = new Gate(settings, noBody, nothingLate);
  const empty = Bits.make(0);
  const token = Bytes.of("token-of-somebody");
  gate.cache.store(token, Identity.make(0, 100, empty, empty, empty, Bytes.of("a"), [], []));
  const request = new Request(Bytes.of("GET"), Bytes.of("/a"));
  request.set(Field.Token, Bytes.of("Bearer token-of-somebody"));
  return nameOf(gate.decide(request, 1, null).reason);
}

describe("an operator that is not evaluated", () => {
  test("refuses, in a match or an allow, by itself or behind `!`", () => {
    const authenticated = new Node(Operator.Authenticated);
    expect(decided(null, Allow.Expression, authenticated)).toBe("none");
    expect(decided(null, Allow.Expression, forgotten())).toBe("config_error");
    expect(decided(null, Allow.Expression, not(forgotten()))).toBe("config_error");
    expect(decided(null, Allow.Expression, or(forgotten(), authenticated))).toBe("config_error");
    expect(decided(not(forgotten()), Allow.Public, null)).toBe("config_error");
    // The rule is passed over, and the next one would let the caller in.
    expect(decided(forgotten(), Allow.Deny, null)).toBe("config_error");
  });
  test("takes no arguments", () => {
    const later = <Operator>FORGOTTEN;
    const signature = new Signature("Later", later, true, 1, 1, Question.Exists, false);
    const builder = new Builder(new Vocabulary());
    expect(builder.build(signature, [Bytes.of("a")]) == null).toBe(true);
    expect(builder.mistake!.message).toBe("nothing reads what Later is given");
  });
});

describe("an `allow` that is none", () => {
  test("refuses", () => {
    expect(decided(null, <Allow>FORGOTTEN, null)).toBe("config_error");
  });
});

describe("a question that is not answered", () => {
  test("is an error when the configuration is read", () => {
    const question = <Question>FORGOTTEN;
    const signature = new Signature("Later", Operator.Claim, false, 2, 2, question, false);
    const builder = new Builder(new Vocabulary());
    expect(builder.build(signature, [Bytes.of("a"), Bytes.of("b")]) == null).toBe(true);
    expect(builder.mistake!.message).toBe("nothing answers Later");
  });
  test("is false, and every other one is known", () => {
    const path = ClaimPath.parse(Bytes.of("a"), null)!;
    const values = [Bytes.of("a")];
    const later = new ClaimTest(<Question>FORGOTTEN, path, Bytes.empty(), values);
    const claim = new ClaimValue(true, false, values);
    expect(later.holds(claim, values)).toBe(false);
    for (let question = 0; question <= Question.Group; question++) {
      const known = new ClaimTest(<Question>question, path, Bytes.of(";"), values);
      expect(known.isUnknown).toBe(false);
      expect(known.holds(new ClaimValue(true, question == Question.Contains, values), values)).toBe(
        true,
      );
    }
  });
});
