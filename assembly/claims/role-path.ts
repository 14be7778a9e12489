/** Where a token holds role names: a claim path, or `list[].name` for a member of each element of a list. */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { ClaimPath } from "./path";

const EACH = "[].";

@final
export class RolePath {
  private constructor(
    readonly path: ClaimPath,
    /** Within each element; null: the value itself holds the names. */
    readonly member: ClaimPath | null,
  ) {}

  /** Null when one of its names is empty. `{clientId}` as a whole name stands for the client's id. */
  static parse(text: Bytes, clientId: Bytes | null): RolePath | null {
    const at = text.indexOf(Char.OpenBracket);
    const isEach = at >= 0 && text.slice(at).startsWith(Bytes.of(EACH));
    const path = ClaimPath.parse(isEach ? text.slice(0, at) : text, clientId);
    const member = isEach ? ClaimPath.parse(text.slice(at + EACH.length), clientId) : null;
    return !path || (isEach && !member) ? null : new RolePath(path, member);
  }
}
