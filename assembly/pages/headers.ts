/**
 * The headers of pages: nothing is loaded, nothing is kept, nothing frames them, and no referrer is
 * sent.
 */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { PageKind } from "./kind";
import { Language, tagOf } from "./language";
import { LINE_END } from "./slot";
import { Text, unpack } from "./unpack";

@unmanaged
@final
export class PageHeader {
  constructor(
    readonly name: Bytes,
    readonly value: Bytes,
  ) {}
}

/**
 * Without a referrer a browser posts the form with `Origin: null` (Fetch §3.2), as for another
 * site's form.
 */
function referrerOf(kind: PageKind): Bytes {
  return Bytes.of(kind == PageKind.SignOutConfirm ? "same-origin" : "no-referrer");
}

export function headersOf(kind: PageKind, language: Language): Array<PageHeader> {
  const list = unpack(Text.Headers);
  const headers = new Array<PageHeader>();
  let from = 0;
  while (from < list.length) {
    const colon = list.indexOf(Char.Colon, from);
    const to = list.indexOf(LINE_END, colon);
    headers.push(new PageHeader(list.slice(from, colon), list.slice(colon + 2, to)));
    from = to + 1;
  }
  headers.push(new PageHeader(Bytes.of("Referrer-Policy"), referrerOf(kind)));
  headers.push(new PageHeader(Bytes.of("Content-Language"), Bytes.of(tagOf(language))));
  return headers;
}
