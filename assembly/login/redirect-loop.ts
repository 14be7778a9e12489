/**
 * Counts consecutive sign-ins, in a cookie of one minute: an application's router that does not
 * take the session would redirect users for ever. A forged count only leads to a page that
 * explains. Tabs that are restored together begin before the first of them counts; sign-out clears
 * the count.
 */
import { Cookies } from "../http/cookie";
import { Response } from "../http/response";
import { Bytes } from "../text/bytes";
import { Context } from "./context";

const SECONDS = 60;
/**
 * A browser gives up after 20 redirects, and one sign-in takes up to 6: the page must come before.
 */
const MOST = 3;

export function loopCookie(context: Context): Bytes {
  const prefix = context.settings.isSecure ? "__Secure-" : "";
  return Bytes.of(`${prefix}${context.sessionSettings.cookieName.toString()}-turns`);
}

function count(context: Context): i32 {
  const header = context.cookies;
  if (!header) return 0;
  const name = loopCookie(context);
  for (const cookies = new Cookies(header); cookies.next();) {
    if (!cookies.isNamed(name)) continue;
    let number = 0;
    const value = cookies.value;
    for (let i = 0; i < value.length && i < 3; i++) number = number * 10 + (value.at(i) & 15);
    return number;
  }
  return 0;
}

export function isLooping(context: Context): bool {
  return count(context) >= MOST;
}

/** Call it for each successful sign-in. */
export function countSignIn(context: Context, response: Response): void {
  const next = Bytes.of((count(context) + 1).toString());
  response.cookie(
    context.laxAttributes(context.login.path, SECONDS).set(loopCookie(context), next),
  );
}
