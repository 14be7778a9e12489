/**
 * The place of role names in a token: a claim path, or `list[].name` for a member of each element
 * of a list.
 */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { ClaimPath } from "./path";

const EACH = "[].";

@final
export class RolePath {
  private constructor(
    readonly path: ClaimPath,
    /** The member of each element; null: the value itself holds the names. */
    readonly member: ClaimPath | null,
  ) {}

  /** Null when a name is empty. A name `{clientId}` is replaced by the client's id. */
  static parse(text: Bytes, clientId: Bytes | null): RolePath | null {
    const at = text.indexOf(Char.OpenBracket);
    const isEach = at >= 0 && text.rest(at).startsWith(Bytes.of(EACH));
    const path = ClaimPath.parse(isEach ? text.slice(0, at) : text, clientId);
    const member = isEach ? ClaimPath.parse(text.rest(at + EACH.length), clientId) : null;
    return !path || (isEach && !member) ? null : new RolePath(path, member);
  }
}
