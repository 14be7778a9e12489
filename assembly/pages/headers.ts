/**
 * The headers of pages: nothing is loaded, nothing is kept, nothing frames them, and no referrer is
 * sent.
 */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { PageKind } from "./kind";
import { Page } from "./page";
import { Slot } from "./slot";
import { Line, lineOf } from "./unpack";

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

export function headersOf(kind: PageKind, page: Page): Array<PageHeader> {
  const headers = new Array<PageHeader>();
  const lines = lineOf(page.common, Line.Headers);
  let from = 0;
  while (from < lines.length) {
    const colon = lines.indexOf(Char.Colon, from);
    const to = lines.indexOf(<u8>Slot.PartEnd, colon);
    headers.push(new PageHeader(lines.slice(from, colon), page.filled(lines.slice(colon + 2, to))));
    from = to + 1;
  }
  headers.push(new PageHeader(Bytes.of("Referrer-Policy"), referrerOf(kind)));
  headers.push(new PageHeader(Bytes.of("Content-Language"), page.languageTag));
  return headers;
}
