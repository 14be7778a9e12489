/**
 * The claims that a session is made from: of the tokens that count, in the configured order. The
 * first token with a claim decides.
 */
import { ClaimsFrom } from "../config/options";
import { LoginSettings } from "../config/sign-in";
import { Json, Kind } from "../json/value";
import { Bytes } from "../text/bytes";

/** `idToken` is verified; so are `accessToken` and `userInfo`, or they are null. */
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
  // Only the token that names the address can say if it is verified: others may mean another
  // address.
  if (speaker) replace(merged, speaker, "email_verified");
  // Only the ID token says who signed in, whatever the configuration is.
  replace(merged, idToken, "sub");
  return merged;
}

/** Replaces `tid`: only the ID token says of which tenant a user is, and a header may name it. */
export function keepTenant(claims: Json, idToken: Json): void {
  replace(claims, idToken, "tid");
}

/** The source at a position of the configured order; the userinfo endpoint is last. */
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

/** A copy of the member before `next`, because a value can be in one list only. */
function linked(member: Json, next: Json | null): Json {
  const copy = new Json(member.kind, member.text);
  copy.name = member.name;
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
