import { __decimal } from "../../../assembly/runtime/decimal";

describe("a number in a text", () => {
  test("has its digits, and a sign", () => {
    expect<string>(__decimal(0)).toBe("0");
    expect<string>(__decimal(7)).toBe("7");
    expect<string>(__decimal(10)).toBe("10");
    expect<string>(__decimal(-1)).toBe("-1");
    expect<string>(__decimal(-99)).toBe("-99");
    expect<string>(__decimal(i32.MIN_VALUE)).toBe("-2147483648");
    expect<string>(__decimal(4294967296)).toBe("4294967296");
    expect<string>(__decimal(i64.MAX_VALUE)).toBe("9223372036854775807");
    expect<string>(__decimal(i64.MIN_VALUE)).toBe("-9223372036854775808");
  });
});
