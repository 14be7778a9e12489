/** Random Hosts: names and addresses that rules protect, their neighbours, and what may confuse a reader of them. */
import type { Dice } from "../../support/dice.ts";

const NAMES = [
  ...["admin.example.com", "admin.example.com", "ADMIN.Example.COM", "a.tenant.example.com"],
  ...["tenant.example.com", "xadmin.example.com", "example.com", "admin.example.com.evil.example"],
  ...["evil.example", "admin", "localhost", "admin_example.com", "xn--admn-vpa.example.com"],
];
const IPV4 = [
  ...["10.1.2.3", "10.1.2.3", "10.1.515", "10.66051", "167838211", "0x0a010203", "0xa.1.2.3"],
  ...["012.1.2.3", "10.1.2.03", "10.1.2.4", "10.1.2.3.4", "010.1.2.3", "0xa.0x1.0x2.0x3"],
];
const IPV6 = [
  ...["2001:db8::1", "2001:db8::1", "2001:DB8::1", "2001:0db8:0:0:0:0:0:1", "2001:db8::0:1"],
  ...["2001:db8::0.0.0.1", "2001:db8::2", "2001:db8::1%25eth0", "2001:db8::1%eth0", "::1"],
  ...["::ffff:10.1.2.3", "::ffff:a01:203", "::10.1.2.3", "v1.admin.example.com", "2001:db8:::1"],
];
const PORTS = [
  ...[":80", ":443", ":8080", ":", ":0", ":080", ":65536", ":99999999999", ":http", ": 80", ":80 "],
  ...[":80:80", "::", "::80", ":-1", ":+80", ":8_0", ":80.", ":@", ":80@evil.example", ":80/x"],
];
const BEFORE = [
  ...["user@", "user:secret@", "@", "evil.example@", "evil.example:80@", "http://", "//", "/", " "],
  ...["\t", ".", "*.", "www.", "\\", "evil.example, ", "evil.example,", "%", "[", "]", "[]", "::"],
];
const AFTER = [
  ...[".", "..", "/", "/x", "\\", "\\@evil.example", "?", "?x", "#", "#@evil.example", "%", "%00"],
  ...[" ", "\t", ", evil.example", ",evil.example", ";", "'", '"', "]", "[", "@", "@evil.example"],
  ...[".evil.example", "%2eevil.example", "%2e", "\u00e4", "~", "$", "&x=y", "=", "(x)", "*", "!"],
];
/** Dots and letters that the URL standard's mapping makes ASCII of, as UTF-8 in one-byte characters. */
const WIDE = ["\u3002", "\uff0e", "\uff61", "\uff41", "\u00ad", "\u212a", "\ufe52"].map((it) =>
  Buffer.from(it).toString("latin1"),
);
const CHARACTERS = [
  ..."[]:@/\\?#%.,; \t*~!$&'()+=_-|^`{}<>\"0a1A\u007f\u00ad\u00e4\u00ff",
  ...WIDE,
];

export function randomHost(dice: Dice): string {
  let host = base(dice);
  for (let count = dice.pick([0, 0, 1, 1, 2, 3]); count > 0; count--) host = change(dice, host);
  switch (dice.below(3)) {
    case 0:
      return host;
    case 1:
      return `${host}:${dice.below(65536)}`;
    default:
      return host + dice.pick(PORTS);
  }
}

function base(dice: Dice): string {
  const name = dice.pick([...NAMES, ...NAMES, ...IPV4]);
  switch (dice.below(8)) {
    case 0:
      return dice.pick(IPV6);
    case 1:
    case 2:
      return `[${dice.pick(IPV6)}]`;
    case 3:
      return `[${name}]`;
    default:
      return name;
  }
}

function change(dice: Dice, host: string): string {
  const at = dice.below(host.length + 1);
  switch (dice.below(7)) {
    case 0:
      return dice.pick(BEFORE) + host;
    case 1:
      return host + dice.pick(AFTER);
    case 2:
      return `[${host}]`;
    case 3:
      return host.slice(0, at) + dice.pick(CHARACTERS) + host.slice(at);
    case 4:
      return host.slice(0, at) + dice.pick(CHARACTERS) + host.slice(at + 1);
    case 5:
      return host.slice(0, at) + host.slice(at + 1);
    default:
      return host.replace(/[a-z.0-9]/g, (it) => {
        if (!dice.chance(6)) return it;
        return dice.chance(3) ? `%${it.charCodeAt(0).toString(16)}` : it.toUpperCase();
      });
  }
}
