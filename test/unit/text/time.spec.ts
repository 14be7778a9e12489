import { Bytes } from "../../../assembly/text/bytes";
import { parseTimestamp, timestamp } from "../../../assembly/text/time";

describe("timestamp", () => {
  test("writes seconds since 1970 as RFC 3339", () => {
    expect(timestamp(0).toString()).toBe("1970-01-01T00:00:00Z");
    expect(timestamp(951782399).toString()).toBe("2000-02-28T23:59:59Z");
    expect(timestamp(951782400).toString()).toBe("2000-02-29T00:00:00Z");
    expect(timestamp(951868800).toString()).toBe("2000-03-01T00:00:00Z");
    expect(timestamp(1795509914).toString()).toBe("2026-11-24T08:45:14Z");
    expect(timestamp(4107542399).toString()).toBe("2100-02-28T23:59:59Z");
    expect(timestamp(4107542400).toString()).toBe("2100-03-01T00:00:00Z");
  });
});

describe("a timestamp's text", () => {
  test("is read back, and a date alone is its beginning", () => {
    const times: i64[] = [0, 951782399, 951782400, 951868800, 1795509914, 4107542400, 7226582400];
    for (let i = 0; i < times.length; i++) {
      expect(parseTimestamp(timestamp(times[i]))).toBe(times[i]);
    }
    expect(parseTimestamp(Bytes.of("2000-02-29"))).toBe(951782400);
  });
  test("is refused when it is no time", () => {
    const texts = [
      "",
      "2027",
      "2027-13-01",
      "2027-00-01",
      "2027-02-30",
      "2026-02-29",
      "2027-01-00",
      "2027-1-1",
      "2027-01-01T00:00:00",
      "2027-01-01T24:00:00Z",
      "2027-01-01T00:60:00Z",
      "2027-01-01 00:00:00Z",
      "2027-01-01T00:00:00z",
      "1969-12-31",
      "20270101",
    ];
    for (let i = 0; i < texts.length; i++)
      expect(parseTimestamp(Bytes.of(texts[i]))).toBe(-1, texts[i]);
  });
});
