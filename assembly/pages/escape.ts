/**
 * Writes outside values into a page: as text, as an attribute's value in double quotes (HTML Living
 * Standard §13.3), or as a link's address. No byte of a value can end its place in the page.
 */
import { hexDigit } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { isUtf8 } from "../text/utf8";
import { Output } from "./output";

/** U+FFFD, which browsers show for a malformed character. */
const REPLACEMENT = "&#xfffd;";

/**
 * Writes text or a quoted attribute's value. Control characters and bytes that are not UTF-8 become
 * U+FFFD.
 */
export function writeText(text: Bytes, out: Output): void {
  const ascii = !isUtf8(text);
  for (let i = 0; i < text.length; i++) {
    const c = text.at(i);
    if (c == Char.Ampersand) out.text("&amp;");
    else if (c == Char.Less) out.text("&lt;");
    else if (c == Char.Greater) out.text("&gt;");
    else if (c == Char.Quote) out.text("&quot;");
    else if (c == Char.Apostrophe) out.text("&#39;");
    else if (c < 0x20 || c == 0x7f || (ascii && c > 0x7f)) out.text(REPLACEMENT);
    else if (c == 0xc2 && text.at(i + 1) < 0xa0) {
      // C1 control characters.
      out.text(REPLACEMENT);
      i++;
    } else out.byte(c);
  }
}

/**
 * True if an address may be a link: a path of this origin, or absolute with http or https.
 * `//host`, and what browsers read as such (`/\host`), is another host; any other scheme may be
 * script.
 */
export function isLink(address: Bytes): bool {
  if (address.hasAt(0, "https://") || address.hasAt(0, "http://")) return true;
  if (address.length == 0 || address.at(0) != Char.Slash) return false;
  return address.length == 1 || (address.at(1) != Char.Slash && address.at(1) != Char.Backslash);
}

/**
 * Writes an address into a quoted attribute, or nothing when it may not be a link. Characters that
 * URLs cannot have are percent-encoded: browsers drop tabs and line feeds and read `\` as `/` (URL
 * Standard §4.4), which would turn a path into a host.
 */
export function writeAddress(address: Bytes, out: Output): void {
  if (!isLink(address)) return;
  for (let i = 0; i < address.length; i++) {
    const c = address.at(i);
    if (c == Char.Ampersand) out.text("&amp;");
    else if (isPlain(c)) out.byte(c);
    else {
      out.byte(Char.Percent);
      out.byte(hexDigit(c >> 4));
      out.byte(hexDigit(c & 15));
    }
  }
}

/** Visible ASCII without quotes, angle brackets, backslash, backtick, caret, braces and bar. */
function isPlain(c: u32): bool {
  if (c <= 0x20 || c >= 0x7f) return false;
  if (
    c == Char.Quote ||
    c == Char.Apostrophe ||
    c == Char.Less ||
    c == Char.Greater ||
    c == Char.Backslash
  )
    return false;
  return c != Char.Caret && c != Char.Backtick && (c < 0x7b || c == Char.Tilde);
}
