/**
 * The address that a sign-in returns to (`rd`): a path of the application, or a URL of an allowed
 * origin. Anything else becomes `/`, because an open redirect would lend the application's name to
 * everyone. Checked as browsers read it (WHATWG URL §4.4): they take `\` for `/`, drop tabs and
 * line ends, and find a host after two slashes.
 */
import { mayReturnTo } from "../config/redirects";
import { Settings } from "../config/settings";
import { readPath } from "../http/path";
import { Url } from "../http/url";
import { RETURN_ADDRESS_BYTES } from "../limits";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

/**
 * `rd` is decoded once; `origin` is the position of the request's origin. The result can be written
 * to Location as it is.
 */
export function returnAddress(rd: Bytes | null, settings: Settings, origin: i32): Bytes {
  const home = Bytes.of("/");
  if (!rd || rd.length == 0 || rd.length > RETURN_ADDRESS_BYTES) return home;
  if (rd.at(0) == Char.Slash) return isOwnPath(rd, settings) ? rd : home;
  const url = Url.parse(rd);
  if (!url) return home;
  if (url.origin.equals(settings.origins[origin])) {
    return isOwnPath(url.target, settings) ? url.target : home;
  }
  return mayReturnTo(url.origin, settings.login) ? rd : home;
}

/**
 * True for a path with its query that every reader takes for one of this origin, and that is not
 * below `login.path`.
 */
function isOwnPath(path: Bytes, settings: Settings): bool {
  for (let i = 0; i < path.length; i++) {
    const c = path.at(i);
    // Only visible ASCII: browsers escape other characters, and never send a fragment.
    if (
      c <= 0x20 ||
      c >= 0x7f ||
      c == Char.Backslash ||
      c == Char.Hash ||
      c == Char.Quote ||
      c == Char.Less ||
      c == Char.Greater
    ) {
      return false;
    }
  }
  const read = readPath(path);
  if (read.refused != Reason.None || read.ambiguous != Reason.None) return false;
  // Two slashes at the beginning are an empty segment here, and another site's host to a browser.
  return !settings.login.covers(read.text);
}
