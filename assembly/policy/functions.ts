/** The functions of the rule language, in one table. */
import { Operator } from "./expression";

@final
export class Signature {
  constructor(
    readonly name: string,
    readonly operator: Operator,
    /** Asks about the request, and so may stand in `match`; all may stand in `allow`. */
    readonly ofRequest: bool,
    /** At least one argument, or none at all. */
    readonly takesArguments: bool,
  ) {}
}

// prettier-ignore
export const SIGNATURES: StaticArray<Signature> = [
  new Signature("Path", Operator.Path, true, true),
  new Signature("PathPrefix", Operator.Path, true, true),
  new Signature("Method", Operator.Method, true, true),
  new Signature("Host", Operator.Host, true, true),
  new Signature("Role", Operator.Role, false, true),
  new Signature("Scope", Operator.Scope, false, true),
  new Signature("Authenticated", Operator.Authenticated, false, false),
];
