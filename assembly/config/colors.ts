/**
 * Makes the pages' colors from the configured one, so that people can read them on both grounds of
 * page.css (WCAG 2.2, 1.4.3).
 */
import { digest, Hash } from "../crypto/hash";
import { encodeBase64 } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { hexOf } from "../text/hex";

/** Contrast with the ground. WCAG asks for 4.5; luminance is not exact here. */
const ENOUGH = 4.6;
/** Luminance of the card of page.css, light and dark. */
const LIGHT = 1.0;
const DARK = 0.0143;
/** Steps from the color to black or white. */
const STEPS = 32;

@final
export class Colors {
  readonly style: Bytes;
  /** SHA-256 in Base64, as the policy names it. */
  readonly hash: Bytes;

  /** `color`: red, green and blue, a byte each. */
  constructor(color: i32) {
    const light = readable(color, 0, LIGHT);
    const dark = readable(color, 255, DARK);
    const style = Bytes.of(
      `:root{--accent:#${hex(light)}}@media(prefers-color-scheme:dark){:root{--accent:#${hex(dark)}}}`,
    );
    this.style = style;
    this.hash = encodeBase64(digest(Hash.Sha256, style));
  }
}

/**
 * The color, or the first one on its way to black (0) or white (255) that people can read on a
 * ground of that luminance.
 */
function readable(color: i32, towards: i32, ground: f64): i32 {
  let mixed = color;
  for (let step = 0; step <= STEPS; step++) {
    mixed = (mix(color >> 16, towards, step) << 16) | (mix(color >> 8, towards, step) << 8);
    mixed |= mix(color, towards, step);
    const own = luminance(mixed);
    if ((max(own, ground) + 0.05) / (min(own, ground) + 0.05) >= ENOUGH) break;
  }
  return mixed;
}

/** The lowest byte, so many steps on its way. */
function mix(channel: i32, towards: i32, step: i32): i32 {
  const from = channel & 255;
  return from + ((towards - from) * step) / STEPS;
}

/** Relative luminance, as WCAG defines it. */
function luminance(color: i32): f64 {
  return 0.2126 * linear(color >> 16) + 0.7152 * linear(color >> 8) + 0.0722 * linear(color);
}

/** Linear value of an sRGB channel, by a polynomial that is within 0.002 of IEC 61966-2-1. */
function linear(channel: i32): f64 {
  const c = <f64>(channel & 255) / 255;
  return c * (c * (c * 0.305306011 + 0.682171111) + 0.012522878);
}

function hex(color: i32): string {
  return hexOf(color & 0xffffff, 6);
}
