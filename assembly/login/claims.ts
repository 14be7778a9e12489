/** The claims that a session is made of: of the tokens that count, in the configured order; the first that has one wins. */
import { ClaimsFrom, LoginSettings } from "../config/sign-in";
import { Json, Kind } from "../json/value";
import { Bytes } from "../text/bytes";

/** `idToken` verified; `accessToken` and `userInfo` too, where they are there. */
export function mergedClaims(
  login: LoginSettings,
  idToken: Json,
  accessToken: Json | null,
  userInfo: Json | null,
): Json {
  const merged = new Json(Kind.Object, Bytes.empty());
  for (let i = 0; i < login.claimsFrom.length; i++) {
    const source = login.claimsFrom[i] == ClaimsFrom.IdToken ? idToken : accessToken;
    if (source) merge(merged, source);
  }
  if (userInfo) merge(merged, userInfo);
  // Who it is, is the ID token's to say, whatever else is asked.
  replace(merged, idToken, "sub");
  return merged;
}

function merge(target: Json, source: Json): void {
  for (let it = source.first; it; it = it!.next) {
    if (target.get(it.name!)) continue;
    target.first = linked(it, target.first);
    target.count++;
  }
}

/** The member's value again, before `next`: a value stands in one list only. */
function linked(member: Json, next: Json | null): Json {
  const copy = new Json(member.kind, member.text);
  copy.name = member.name;
  copy.nameHash = member.nameHash;
  copy.first = member.first;
  copy.count = member.count;
  copy.next = next;
  return copy;
}

function replace(target: Json, source: Json, name: string): void {
  const value = source.member(name);
  let before: Json | null = null;
  for (let it = target.first; it; it = it!.next) {
    if (it.name!.is(name)) {
      if (before) before.next = it.next;
      else target.first = it.next;
      target.count--;
      break;
    }
    before = it;
  }
  if (!value) return;
  target.first = linked(value, target.first);
  target.count++;
}
