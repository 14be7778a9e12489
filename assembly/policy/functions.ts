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
    readonly question: Question = Question.Exists,
    /** Whole segments may follow the path. */
    readonly isPrefix: bool = false,
  ) {}
}

/** Those that most rules have come first, because every guest looks each of them up. */
// prettier-ignore
export function signatures(): StaticArray<Signature> {
  return [
    new Signature("PathPrefix", Operator.Path, true, 1, MANY, Question.Exists, true),
    new Signature("Role", Operator.Role, false, 1, MANY),
    new Signature("Method", Operator.Method, true, 1, MANY),
    new Signature("Path", Operator.Path, true, 1, MANY),
    new Signature("Host", Operator.Host, true, 1, MANY),
    new Signature("Header", Operator.Header, true, 2, 2),
    new Signature("Query", Operator.Query, true, 1, 2),
    new Signature("QueryOnly", Operator.QueryOnly, true, 1, MANY),
    new Signature("WebSocket", Operator.WebSocket, true, 0, 0),
    new Signature("Upgrade", Operator.Upgrade, true, 1, MANY),
    new Signature("ClientIP", Operator.ClientIP, true, 1, MANY),
    new Signature("BodyJSON", Operator.BodyJson, true, 1, MANY),
    new Signature("BodyOnly", Operator.BodyOnly, true, 2, MANY),
    new Signature("Scope", Operator.Scope, false, 1, MANY),
    new Signature("Authenticated", Operator.Authenticated, false, 0, 0),
    new Signature("Issuer", Operator.Issuer, false, 1, MANY),
    new Signature("ApiKey", Operator.ApiKey, false, 1, MANY),
    new Signature("Group", Operator.Claim, false, 1, MANY, Question.Group),
    new Signature("EmailDomain", Operator.Claim, false, 1, MANY, Question.EmailDomain),
    new Signature("Equals", Operator.Claim, false, 2, 2, Question.Equals),
    new Signature("Prefix", Operator.Claim, false, 2, 2, Question.Prefix),
    new Signature("Contains", Operator.Claim, false, 2, 2, Question.Contains),
    new Signature("SplitContains", Operator.Claim, false, 3, 3, Question.SplitContains),
    new Signature("OneOf", Operator.Claim, false, 2, MANY, Question.OneOf),
    new Signature("Exists", Operator.Claim, false, 1, 1, Question.Exists),
  ];
}
