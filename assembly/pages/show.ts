/** Renders a page for people as a response. */
import { PageSettings } from "../config/pages";
import { Settings } from "../config/settings";
import { escaped } from "../http/escape";
import { readHost } from "../http/host";
import { Field, Request } from "../http/request";
import { Response } from "../http/response";
import { Bytes } from "../text/bytes";
import { timestamp } from "../text/time";
import { headersOf } from "./headers";
import { PageKind } from "./kind";
import { languageOf } from "./language";
import { Page, Parameters, statusOf } from "./page";
import { Slot } from "./slot";

const SECOND: i64 = 1_000_000_000;

/** The values that all pages have. `request` has its late fields. */
export function parametersFor(request: Request, all: Settings): Parameters {
  const settings = all.pages;
  const fixed = settings.language;
  const wanted = request.get(Field.AcceptLanguage) || Bytes.empty();
  const parameters = new Parameters(fixed >= 0 ? fixed : languageOf(wanted));
  parameters.put(Slot.RequestId, request.id);
  const header = request.get(Field.Host);
  const host = header ? readHost(header) : null;
  // A page repeats no host that an attacker made up.
  if (host && all.originOf(host) >= 0) parameters.put(Slot.Host, host);
  if (request.time > 0) parameters.put(Slot.Time, timeOf(request.time));
  parameters.put(Slot.Name, settings.name);
  parameters.put(Slot.Logo, settings.logo);
  parameters.put(Slot.Contact, contactOf(settings, request.id));
  const colors = settings.colors;
  if (colors) {
    parameters.put(Slot.Colors, colors.style);
    parameters.put(Slot.ColorsHash, colors.hash);
  }
  return parameters;
}

/** As in `2026-11-24 08:45:14 UTC`. */
function timeOf(nanoseconds: i64): Bytes {
  const time = timestamp(nanoseconds / SECOND).toString();
  return Bytes.of(`${time.slice(0, 10)} ${time.slice(11, 19)} UTC`);
}

/** The subject of a letter is the request ID, by which the log has the request. */
function contactOf(settings: PageSettings, id: Bytes): Bytes {
  if (!settings.contactIsMail) return settings.contact;
  return Bytes.of("mailto:")
    .concat(settings.contact)
    .concat(Bytes.of("?subject="))
    .concat(escaped(id));
}

/** `status` is the page's own unless it is given. */
export function show(
  kind: PageKind,
  parameters: Parameters,
  status: i32 = statusOf(kind),
): Response {
  const response = new Response(status);
  const page = new Page(kind, parameters);
  const headers = headersOf(kind, page);
  for (let i = 0; i < headers.length; i++) {
    response.header(headers[i].name.toString(), headers[i].value);
  }
  response.body = page.html;
  return response;
}
