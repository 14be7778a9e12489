import { Colors } from "../../../assembly/config/colors";

/** Relative luminance, WCAG 2.2, exactly. */
function luminance(color: i32): f64 {
  return (
    0.2126 * linear((color >> 16) & 255) +
    0.7152 * linear((color >> 8) & 255) +
    0.0722 * linear(color & 255)
  );
}

function linear(channel: i32): f64 {
  const c = <f64>channel / 255;
  return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
}

function contrast(a: i32, b: i32): f64 {
  const one = luminance(a) + 0.05;
  const other = luminance(b) + 0.05;
  return max(one, other) / min(one, other);
}

/** The color of the light page, or of the dark one. */
function accent(color: i32, dark: bool): i32 {
  const style = new Colors(color).style.toString();
  const at = dark ? style.lastIndexOf("#") : style.indexOf("#");
  return <i32>parseInt(style.slice(at + 1, at + 7), 16);
}

const CARD = 0xffffff;
const ON_ACCENT = 0xffffff;
const DARK_CARD = 0x1a202c;
const DARK_ON_ACCENT = 0x0b1a33;

describe("Colors", () => {
  test("can be read on both grounds, whatever is configured", () => {
    let worst = 21.0;
    for (let red = 0; red < 256; red += 17) {
      for (let green = 0; green < 256; green += 17) {
        for (let blue = 0; blue < 256; blue += 17) {
          const color = (red << 16) | (green << 8) | blue;
          const light = accent(color, false);
          const dark = accent(color, true);
          worst = min(worst, contrast(light, CARD));
          worst = min(worst, contrast(light, ON_ACCENT));
          worst = min(worst, contrast(dark, DARK_CARD));
          worst = min(worst, contrast(dark, DARK_ON_ACCENT));
        }
      }
    }
    expect(worst >= 4.5).toBe(true);
  });
  test("are the configured ones where these can be read", () => {
    expect(accent(0x1d5bbf, false)).toBe(0x1d5bbf);
    expect(accent(0x8cb8ff, true)).toBe(0x8cb8ff);
    expect(accent(0x000000, false)).toBe(0x000000);
    expect(accent(0xffffff, true)).toBe(0xffffff);
  });
  test("are a style sheet and its hash", () => {
    const colors = new Colors(0x1d5bbf);
    const style = colors.style.toString();
    expect(style.startsWith(":root{--accent:#1d5bbf}@media(")).toBe(true);
    expect(style.endsWith("}}")).toBe(true);
    expect(colors.hash.length).toBe(44);
  });
});
