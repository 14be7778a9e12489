/** The claims that a session is made of: of the tokens that count, in the configured order; the first that has one wins. */
import { ClaimsFrom } from "../config/options";
import { LoginSettings } from "../config/sign-in";
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
  let speaker: Json | null = null;
  for (let i = 0; i <= login.claimsFrom.length; i++) {
    const source = sourceOf(i, login, idToken, accessToken, userInfo);
    if (!source) continue;
    merge(merged, source);
    if (!speaker && source.member("email")) speaker = source;
  }
  // Whether an address was verified, only who names it can say: the others may have another one in mind.
  if (speaker) replace(merged, speaker, "email_verified");
  // Who it is, is the ID token's to say, whatever else is asked.
  replace(merged, idToken, "sub");
  return merged;
}

/** In order; the userinfo endpoint's come last. */
function sourceOf(
  index: i32,
  login: LoginSettings,
  idToken: Json,
  accessToken: Json | null,
  userInfo: Json | null,
): Json | null {
  if (index == login.claimsFrom.length) return userInfo;
  return login.claimsFrom[index] == ClaimsFrom.IdToken ? idToken : accessToken;
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
