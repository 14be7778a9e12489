/** Names of characters: separators, quotes and escapes of protocol text. */

export namespace Char {
  export const Tab: u8 = 0x09;
  export const LineFeed: u8 = 0x0a;
  export const CarriageReturn: u8 = 0x0d;
  export const Space: u8 = 0x20;
  export const Exclamation: u8 = 0x21;
  export const Quote: u8 = 0x22;
  export const Hash: u8 = 0x23;
  export const Dollar: u8 = 0x24;
  export const Percent: u8 = 0x25;
  export const Ampersand: u8 = 0x26;
  export const Apostrophe: u8 = 0x27;
  export const OpenParenthesis: u8 = 0x28;
  export const CloseParenthesis: u8 = 0x29;
  export const Asterisk: u8 = 0x2a;
  export const Plus: u8 = 0x2b;
  export const Comma: u8 = 0x2c;
  export const Hyphen: u8 = 0x2d;
  export const Dot: u8 = 0x2e;
  export const Slash: u8 = 0x2f;
  export const Colon: u8 = 0x3a;
  export const Semicolon: u8 = 0x3b;
  export const Less: u8 = 0x3c;
  export const Equals: u8 = 0x3d;
  export const Greater: u8 = 0x3e;
  export const Question: u8 = 0x3f;
  export const At: u8 = 0x40;
  export const OpenBracket: u8 = 0x5b;
  export const Backslash: u8 = 0x5c;
  export const CloseBracket: u8 = 0x5d;
  export const Caret: u8 = 0x5e;
  export const Underscore: u8 = 0x5f;
  export const Backtick: u8 = 0x60;
  export const OpenBrace: u8 = 0x7b;
  export const Pipe: u8 = 0x7c;
  export const CloseBrace: u8 = 0x7d;
  export const Tilde: u8 = 0x7e;
}
