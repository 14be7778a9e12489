/** The functions of the rule language, in one table. */
import { Question } from "../claims/test";
import { Operator } from "./expression";

/** Any number of arguments. */
export const MANY = i32.MAX_VALUE;

@final
export class Signature {
  constructor(
    readonly name: string,
    readonly operator: Operator,
    /**
     * True if it asks about the request and may be used in `match`. `allow` may use all functions.
     */
    readonly ofRequest: bool,
    readonly least: i32,
    readonly most: i32,
    /** The question about the claim. */
    readonly question: Question,
    /** Whole segments may follow the path. */
    readonly isPrefix: bool,
  ) {}
}

/** Those that most rules have come first, because every guest looks each of them up. */
// prettier-ignore
export function signatures(): StaticArray<Signature> {
  return [
    new Signature("PathPrefix", Operator.Path, true, 1, MANY, Question.Exists, true),
    asks("Role", Operator.Role, false, 1, MANY),
    asks("Method", Operator.Method, true, 1, MANY),
    asks("Path", Operator.Path, true, 1, MANY),
    asks("Host", Operator.Host, true, 1, MANY),
    asks("Header", Operator.Header, true, 2, 2),
    asks("Query", Operator.Query, true, 1, 2),
    asks("QueryOnly", Operator.QueryOnly, true, 1, MANY),
    asks("WebSocket", Operator.WebSocket, true, 0, 0),
    asks("Upgrade", Operator.Upgrade, true, 1, MANY),
    asks("ClientIP", Operator.ClientIP, true, 1, MANY),
    asks("BodyJSON", Operator.BodyJson, true, 1, MANY),
    asks("BodyOnly", Operator.BodyOnly, true, 2, MANY),
    asks("Scope", Operator.Scope, false, 1, MANY),
    asks("Authenticated", Operator.Authenticated, false, 0, 0),
    asks("Issuer", Operator.Issuer, false, 1, MANY),
    asks("ApiKey", Operator.ApiKey, false, 1, MANY),
    asksClaim("Group", 1, MANY, Question.Group),
    asksClaim("EmailDomain", 1, MANY, Question.EmailDomain),
    asksClaim("Equals", 2, 2, Question.Equals),
    asksClaim("Prefix", 2, 2, Question.Prefix),
    asksClaim("Contains", 2, 2, Question.Contains),
    asksClaim("SplitContains", 3, 3, Question.SplitContains),
    asksClaim("OneOf", 2, MANY, Question.OneOf),
    asksClaim("Exists", 1, 1, Question.Exists),
  ];
}

function asks(name: string, operator: Operator, ofRequest: bool, least: i32, most: i32): Signature {
  return new Signature(name, operator, ofRequest, least, most, Question.Exists, false);
}

function asksClaim(name: string, least: i32, most: i32, question: Question): Signature {
  return new Signature(name, Operator.Claim, false, least, most, question, false);
}
