import { Answer, answerTo } from "../../../assembly/outcome/answer";
import { Reason, REASONS } from "../../../assembly/outcome/reason";
import { pageOfAnswer } from "../../../assembly/pages/answer-page";
import { headersOf } from "../../../assembly/pages/headers";
import { PAGE_KINDS, PageKind } from "../../../assembly/pages/kind";
import { Language, LANGUAGES } from "../../../assembly/pages/language";
import { Page, Parameters, statusOf } from "../../../assembly/pages/page";
import { isKnownError, pageOfError } from "../../../assembly/pages/provider-error";
import { Block, Line, lineOf, unpack } from "../../../assembly/pages/unpack";
import { Bytes } from "../../../assembly/text/bytes";
import { isUtf8 } from "../../../assembly/text/utf8";

function shown(kind: PageKind, user: string, error: string, link: string, other: string): string {
  const parameters = new Parameters(Language.English);
  parameters.user = Bytes.of(user);
  parameters.error = Bytes.of(error);
  parameters.link = Bytes.of(link);
  parameters.other = Bytes.of(other);
  return new Page(kind, parameters).html.toString();
}

function header(kind: PageKind, name: string): string {
  const headers = headersOf(kind, new Page(kind, new Parameters(Language.German)));
  for (let i = 0; i < headers.length; i++) {
    if (headers[i].name.is(name)) return headers[i].value.toString();
  }
  return "";
}

describe("the packed texts", () => {
  test("are there for each kind and language, and UTF-8", () => {
    const common = unpack(Block.Common);
    for (let kind = 0; kind < PAGE_KINDS; kind++) {
      expect(lineOf(common, Line.Pages + kind).length > 10).toBe(true);
    }
    for (let language = 0; language < LANGUAGES; language++) {
      const text = unpack(Block.Languages + language);
      expect(text.length > 2000).toBe(true);
      expect(isUtf8(text)).toBe(true);
    }
  });
});

describe("page", () => {
  test("leaves a sentence out when its value is missing", () => {
    expect(shown(PageKind.NotAllowed, "ada", "", "/", "/out").includes(">ada<")).toBe(true);
    expect(shown(PageKind.NotAllowed, "", "", "/", "/out").includes("signed in as")).toBe(false);
    const long = "a".repeat(200);
    expect(shown(PageKind.NotAllowed, long, "", "/", "/out").includes(long)).toBe(true);
    const tooLong = long + "a";
    expect(shown(PageKind.NotAllowed, tooLong, "", "/", "/out").includes("aaa")).toBe(false);
  });
  test("leaves a link out when it leads nowhere", () => {
    const both = shown(PageKind.NotAllowed, "", "", "/", "/out");
    expect(both.includes('href="/"')).toBe(true);
    expect(both.includes('href="/out"')).toBe(true);
    const none = shown(PageKind.NotAllowed, "", "", "javascript:1", "//a.example");
    expect(none.includes("href")).toBe(false);
    expect(shown(PageKind.SignOutConfirm, "", "", "", "/").includes("<form")).toBe(false);
    expect(shown(PageKind.KeysMissing, "", "", "", "").includes("http-equiv")).toBe(false);
  });
  test("moves on by itself", () => {
    const meta = '<meta http-equiv="refresh" content="0; url=/a?b&amp;c">';
    expect(shown(PageKind.MovingOn, "", "", "/a?b&c", "").includes(meta)).toBe(true);
  });
  test("shows an error of the specifications and no other", () => {
    const known = shown(PageKind.SignInRefused, "", "invalid_scope", "/", "");
    expect(known.includes(">invalid_scope<")).toBe(true);
    const unknown = shown(PageKind.SignInRefused, "", "call_us_on_555", "/", "");
    expect(unknown.includes("call_us")).toBe(false);
    expect(unknown.includes("service said")).toBe(false);
  });
});

describe("the provider's errors", () => {
  test("have their pages", () => {
    expect(pageOfError(Bytes.of("access_denied"))).toBe(PageKind.AccessDenied);
    expect(pageOfError(Bytes.of("login_required"))).toBe(PageKind.LoginRequired);
    expect(pageOfError(Bytes.of("interaction_required"))).toBe(PageKind.LoginRequired);
    expect(pageOfError(Bytes.of("temporarily_unavailable"))).toBe(PageKind.ProviderBusy);
    expect(pageOfError(Bytes.of("server_error"))).toBe(PageKind.ProviderBusy);
    expect(pageOfError(Bytes.of("invalid_scope"))).toBe(PageKind.SignInRefused);
    expect(pageOfError(Bytes.of("unmet_authentication_requirements"))).toBe(PageKind.SignInRefused);
  });
  test("are known whole", () => {
    expect(pageOfError(Bytes.of("access_denied="))).toBe(PageKind.SignInRefused);
    expect(isKnownError(Bytes.of("access_denied"))).toBe(true);
    expect(isKnownError(Bytes.of("access"))).toBe(false);
    expect(isKnownError(Bytes.of("denied"))).toBe(false);
    expect(isKnownError(Bytes.of("access_denied=F\nlogin_required"))).toBe(false);
    expect(isKnownError(Bytes.of("Access_Denied"))).toBe(false);
    expect(isKnownError(Bytes.of("\n"))).toBe(false);
    expect(isKnownError(Bytes.empty())).toBe(false);
  });
});

describe("the pages of public answers", () => {
  test("have the answer's status, but for what has no page of its own", () => {
    for (let reason: i32 = Reason.ConfigError; reason < REASONS; reason++) {
      const answer: Answer = answerTo(reason);
      const kind = pageOfAnswer(answer);
      if (kind != PageKind.Failed) expect(statusOf(kind)).toBe(answer.status);
      else expect(answer.status == 400 || answer.status == 413).toBe(true);
    }
  });
});

describe("headersOf", () => {
  test("names the language, and tells no address on", () => {
    expect(header(PageKind.Failed, "Content-Language")).toBe("de");
    expect(header(PageKind.Failed, "Content-Type")).toBe("text/html; charset=utf-8");
    expect(header(PageKind.Failed, "X-Content-Type-Options")).toBe("nosniff");
    expect(header(PageKind.Failed, "Cache-Control")).toBe("no-store");
    expect(header(PageKind.Failed, "Referrer-Policy")).toBe("no-referrer");
    expect(header(PageKind.SignOutConfirm, "Referrer-Policy")).toBe("same-origin");
  });
});
