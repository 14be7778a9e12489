/**
 * Error codes that a provider may send to the callback: RFC 6749 §4.1.2.1 and §5.2, OpenID Connect
 * Core §3.1.2.6 and its extensions. Everyone can make a link with an `error`, so a page shows only
 * those of the list.
 */
import { Bytes } from "../text/bytes";
import { PageKind } from "./kind";
import { Block, Line, lineOf, unpack } from "./unpack";

/** Between a code and its page in the list, and the first page's letter. */
const MARK: u8 = 0x3d;
const FIRST = 0x41;

export function isKnownError(code: Bytes): bool {
  return find(code) >= 0;
}

/** The page for a code; an unknown code is a refused sign-in. */
export function pageOfError(code: Bytes): PageKind {
  const kind = find(code);
  return kind >= 0 ? kind : PageKind.SignInRefused;
}

/** The page's number, or -1. */
function find(code: Bytes): i32 {
  if (code.length == 0) return -1;
  const list = lineOf(unpack(Block.Common), Line.Errors);
  let from = 0;
  while (from < list.length) {
    const mark = list.indexOf(MARK, from);
    if (list.slice(from, mark).equals(code)) return <i32>list.at(mark + 1) - FIRST;
    from = mark + 3;
  }
  return -1;
}
