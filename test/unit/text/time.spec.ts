import { timestamp } from "../../../assembly/text/time";

describe("timestamp", () => {
  test("writes seconds since 1970 as RFC 3339", () => {
    expect(timestamp(0)).toBe("1970-01-01T00:00:00Z");
    expect(timestamp(951782399)).toBe("2000-02-28T23:59:59Z");
    expect(timestamp(951782400)).toBe("2000-02-29T00:00:00Z");
    expect(timestamp(951868800)).toBe("2000-03-01T00:00:00Z");
    expect(timestamp(1795509914)).toBe("2026-11-24T08:45:14Z");
    expect(timestamp(4107542399)).toBe("2100-02-28T23:59:59Z");
    expect(timestamp(4107542400)).toBe("2100-03-01T00:00:00Z");
  });
});
