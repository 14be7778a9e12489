/** Reads `pages`: the name, logo, color and contact that a company puts on its pages. */
import { Url } from "../http/url";
import { PAGE_LOGO_BYTES, PAGE_NAME_BYTES } from "../limits";
import { mark, release } from "../runtime/arena";
import { decodeBase64 } from "../text/base64url";
import { hexValue, isAlphanumeric, isOneOf } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { Colors } from "./colors";
import { PageLanguage, PagesOptions } from "./options";
import { Section } from "./section";

@final
export class PageSettings {
  name: Bytes = Bytes.empty();
  /** A data URL. */
  logo: Bytes = Bytes.empty();
  /** Null: those of the style sheet. */
  colors: Colors | null = null;
  /** An e-mail address, or a URL. */
  contact: Bytes = Bytes.empty();
  contactIsMail: bool = false;
  /** -1: what the browser asks for. */
  language: i32 = -1;
  showsRoles: bool = false;
}

export function readPages(top: Section): PageSettings {
  const section = top.section("pages");
  const pages = new PageSettings();
  const name = PagesOptions.name(section);
  if (name && name.length > PAGE_NAME_BYTES) {
    section.error("name", "wrong_value", `expected at most ${PAGE_NAME_BYTES} bytes`);
  } else if (name) pages.name = name;
  readLogo(section, pages);
  readColor(section, pages);
  readContact(section, pages);
  pages.language = PagesOptions.language(section, <PageLanguage>-1);
  pages.showsRoles = PagesOptions.showRoles(section);
  section.refuseOthers(PagesOptions.KEYS);
  return pages;
}

const TYPES: StaticArray<string> = ["svg+xml", "png", "jpeg", "webp"];

/** As a picture, SVG runs no script and loads nothing (SVG 2 §2.3). */
function readLogo(section: Section, pages: PageSettings): void {
  const logo = PagesOptions.logo(section);
  if (!logo) return;
  if (logo.length > PAGE_LOGO_BYTES) {
    section.error("logo", "wrong_value", `expected at most ${PAGE_LOGO_BYTES} bytes`);
  } else if (!isPicture(logo)) {
    section.error(
      "logo",
      "wrong_value",
      "expected data:image/svg+xml;base64,… or the same of png, jpeg or webp",
    );
  } else if (pages.name.length == 0) {
    section.error("logo", "conflict", "needs pages.name, for those who do not see it");
  } else pages.logo = logo;
}

function isPicture(logo: Bytes): bool {
  for (let i = 0; i < TYPES.length; i++) {
    const head = `data:image/${TYPES[i]};base64,`;
    if (!logo.hasAt(0, head) || logo.length == head.length) continue;
    const before = mark();
    const isBase64 = decodeBase64(logo.rest(head.length)) !== null;
    release(before);
    return isBase64;
  }
  return false;
}

function readColor(section: Section, pages: PageSettings): void {
  const color = PagesOptions.color(section);
  if (!color) return;
  let value = color.length == 7 && color.at(0) == Char.Hash ? 0 : -1;
  for (let i = 1; i < color.length && value >= 0; i++) {
    const digit = hexValue(color.at(i));
    value = digit < 0 ? -1 : (value << 4) | digit;
  }
  if (value >= 0) pages.colors = new Colors(value);
  else section.error("color", "wrong_value", 'expected six hexadecimal digits, as in "#1d5bbf"');
}

function readContact(section: Section, pages: PageSettings): void {
  const contact = PagesOptions.contact(section);
  if (!contact) return;
  const url = Url.parse(contact);
  pages.contactIsMail = isMailAddress(contact);
  if (pages.contactIsMail || (url && (url.isSecure || url.isLoopback))) pages.contact = contact;
  else {
    section.error("contact", "wrong_value", "expected an e-mail address, or an https URL");
  }
}

/**
 * Characters of an e-mail address beside letters and digits. None has a meaning in a `mailto:` URL
 * (RFC 6068 §2).
 */
const MARKS = ".-_+@";

function isMailAddress(text: Bytes): bool {
  const sign = text.indexOf(Char.At);
  if (sign < 1 || sign == text.length - 1 || text.indexOf(Char.At, sign + 1) >= 0) return false;
  for (let i = 0; i < text.length; i++) {
    const c = text.at(i);
    if (!isAlphanumeric(c) && !isOneOf(c, MARKS)) return false;
  }
  return true;
}
