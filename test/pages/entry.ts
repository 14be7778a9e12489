/** What the tests of the pages call: every page, behind exports that only tests have. */
import { headersOf } from "../../assembly/pages/headers";
import { PAGE_KINDS } from "../../assembly/pages/kind";
import { LANGUAGES, languageOf } from "../../assembly/pages/language";
import { Page, Parameters, statusOf } from "../../assembly/pages/page";
import { pageOfError } from "../../assembly/pages/provider-error";
import { request } from "../../assembly/runtime/arena";
import { Bytes } from "../../assembly/text/bytes";

function view(buffer: ArrayBuffer): Bytes {
  return new Bytes(changetype<usize>(buffer), buffer.byteLength);
}

function copyOut(bytes: Bytes): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes.length);
  memory.copy(changetype<usize>(buffer), bytes.start, bytes.length);
  return buffer;
}

/** Forgets what the last call left, as the guest does between requests. */
export function clear(): void {
  request.clear();
  request.enter();
}

export function kinds(): i32 {
  return PAGE_KINDS;
}

export function languages(): i32 {
  return LANGUAGES;
}

export function language(header: ArrayBuffer): i32 {
  return languageOf(view(header));
}

export function status(kind: i32): i32 {
  return statusOf(kind);
}

let parameters: Parameters | null = null;

/** What is put in is forgotten with the next page. */
export function begin(language: i32): void {
  parameters = new Parameters(language);
}

export function put(slot: i32, value: ArrayBuffer): void {
  parameters!.put(slot, view(value));
}

export function render(kind: i32): ArrayBuffer {
  return copyOut(new Page(kind, parameters!).html);
}

/** Name and value of each header, a line each. */
export function headers(kind: i32): ArrayBuffer {
  let text = "";
  const list = headersOf(kind, new Page(kind, parameters!));
  for (let i = 0; i < list.length; i++) {
    text += `${list[i].name.toString()}: ${list[i].value.toString()}\n`;
  }
  return String.UTF8.encode(text);
}
