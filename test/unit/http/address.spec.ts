import { addressOfPeer, isInRange, readAddress, readRange } from "../../../assembly/http/address";
import { Bytes } from "../../../assembly/text/bytes";

function inRange(address: string, range: string): bool {
  return isInRange(readAddress(Bytes.of(address))!, readRange(Bytes.of(range))!);
}

describe("an address", () => {
  test("is in a range by its first bits", () => {
    expect(inRange("10.1.2.3", "10.0.0.0/8")).toBe(true);
    expect(inRange("11.1.2.3", "10.0.0.0/8")).toBe(false);
    expect(inRange("192.0.2.129", "192.0.2.128/25")).toBe(true);
    expect(inRange("192.0.2.127", "192.0.2.128/25")).toBe(false);
    expect(inRange("192.0.2.1", "192.0.2.1")).toBe(true);
    expect(inRange("192.0.2.2", "192.0.2.1")).toBe(false);
    expect(inRange("1.2.3.4", "0.0.0.0/0")).toBe(true);
    expect(inRange("2001:db8::1", "0.0.0.0/0")).toBe(false);
    expect(inRange("2001:db8:0:1::5", "2001:db8::/32")).toBe(true);
    expect(inRange("2001:db9::", "2001:db8::/32")).toBe(false);
    expect(inRange("::ffff:10.1.2.3", "10.0.0.0/8")).toBe(true);
    expect(inRange("fe80::1", "::/0")).toBe(true);
    expect(inRange("10.1.2.3", "::/0")).toBe(false);
    expect(inRange("10.1.2.3", "::/64")).toBe(false);
    expect(inRange("10.1.2.3", "::/95")).toBe(false);
    expect(inRange("10.1.2.3", "::ffff:0:0/96")).toBe(true);
    expect(inRange("::ffff:10.1.2.3", "::/0")).toBe(false);
    expect(inRange("::10.1.2.3", "::/0")).toBe(true);
  });
  test("has one form", () => {
    expect(
      readAddress(Bytes.of("2001:db8::1"))!.equals(readAddress(Bytes.of("2001:0DB8:0:0:0:0:0:1"))!),
    ).toBe(true);
    expect(readAddress(Bytes.of("::"))!.at(15)).toBe(0);
    expect(readAddress(Bytes.of("1::"))!.at(1)).toBe(1);
  });
  test("is refused when it is none", () => {
    const texts = [
      "",
      "1.2.3",
      "1.2.3.4.5",
      "1.2.3.256",
      "01.2.3.4",
      "1.2.3.",
      ".1.2.3",
      "1.2.3.a",
      ":",
      ":::",
      "1::2::3",
      "12345::",
      "g::",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1:2:3:4:5:6:7:8::",
      "1:",
      ":1",
      "::1.2.3",
      "1:2:3:4:5:6:7:1.2.3.4",
    ];
    for (let i = 0; i < texts.length; i++)
      expect(readAddress(Bytes.of(texts[i])) === null).toBe(true, texts[i]);
    const ranges = ["1.2.3.4/", "1.2.3.4/33", "1.2.3.4/-1", "::/129", "1.2.3.4/1000", "x/8"];
    for (let i = 0; i < ranges.length; i++)
      expect(readRange(Bytes.of(ranges[i])) === null).toBe(true, ranges[i]);
  });
  test("comes from a connection's text", () => {
    expect(addressOfPeer(Bytes.of("10.1.2.3:80"))!.equals(readAddress(Bytes.of("10.1.2.3"))!)).toBe(
      true,
    );
    expect(addressOfPeer(Bytes.of("[::1]:80"))!.equals(readAddress(Bytes.of("::1"))!)).toBe(true);
    expect(
      addressOfPeer(Bytes.of("[fe80::1%eth0]:80"))!.equals(readAddress(Bytes.of("fe80::1"))!),
    ).toBe(true);
    expect(addressOfPeer(Bytes.of("")) === null).toBe(true);
    expect(addressOfPeer(Bytes.of("pipe")) === null).toBe(true);
  });
});
