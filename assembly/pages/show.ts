/** Renders a page for people as a response. */
import { Field, Request } from "../http/request";
import { Response } from "../http/response";
import { headersOf } from "./headers";
import { PageKind } from "./kind";
import { Language, languageOf } from "./language";
import { page, Parameters, statusOf } from "./page";
import { Bytes } from "../text/bytes";

export function languageFor(request: Request): Language {
  return languageOf(request.get(Field.AcceptLanguage) || Bytes.empty());
}

/** `request` has its late fields. `status` is the page's own unless it is given. */
export function show(
  kind: PageKind,
  request: Request,
  parameters: Parameters,
  status: i32 = statusOf(kind),
): Response {
  const response = new Response(status);
  const headers = headersOf(kind, parameters.language);
  for (let i = 0; i < headers.length; i++) {
    response.header(headers[i].name.toString(), headers[i].value);
  }
  response.body = page(kind, request.id, parameters);
  return response;
}
