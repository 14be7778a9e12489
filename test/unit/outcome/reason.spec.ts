import { answerTo } from "../../../assembly/outcome/answer";
import { codeOf, nameOf, Reason, REASONS, TABLE_ROWS } from "../../../assembly/outcome/reason";

describe("the table of reasons", () => {
  test("has a row for each, in the order of the enumeration", () => {
    expect(TABLE_ROWS).toBe(REASONS);
    expect(nameOf(Reason.None)).toBe("none");
    expect(nameOf(Reason.ConfigError)).toBe("config_error");
    expect(nameOf(Reason.CrossSite)).toBe("cross_site");
    expect(nameOf(Reason.TokenTooLarge)).toBe("token_too_large");
    expect(nameOf(Reason.NoRule)).toBe("no_rule");
  });
  test("gives each the answer of its code", () => {
    for (let reason: i32 = Reason.ConfigError; reason < REASONS; reason++) {
      expect(answerTo(reason).code).toBe(codeOf(reason));
    }
  });
});
