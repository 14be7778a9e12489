/** What one object is for each request is as new for the next one: nothing of a caller may stay. */
import { Settings } from "../../../assembly/config/settings";
import { Credential } from "../../../assembly/gate/credential";
import { Decision } from "../../../assembly/gate/decision";
import { NO_NAMES } from "../../../assembly/http/header-names";
import { Path } from "../../../assembly/http/path";
import { Request } from "../../../assembly/http/request";
import { Renewal } from "../../../assembly/identity/session";
import { Reason } from "../../../assembly/outcome/reason";
import { Body } from "../../../assembly/policy/body";
import { Facts } from "../../../assembly/policy/evaluate";
import { Bytes } from "../../../assembly/text/bytes";

function noBody(): Bytes | null {
  return null;
}

function nothingLate(_request: Request): void {}

/** Fills an object from its byte `from` on. */
function spoil(object: usize, from: usize, to: usize): void {
  memory.fill(object + from, 0xa5, to - from);
}

describe("an object for all requests", () => {
  test("decision", () => {
    const used = new Decision();
    const changes = offsetof<Decision>("changes");
    spoil(changetype<usize>(used), 0, changes);
    spoil(changetype<usize>(used), changes + 4, offsetof<Decision>());
    used.begin();
    expect(used.path == null && used.rule == null).toBe(true);
    expect(used.caller == null && used.facts == null && used.token == null).toBe(true);
    expect(used.refused == null && used.reportedCaller == null).toBe(true);
    expect(used.forwarded == null && used.kept == null && used.answerName == null).toBe(true);
    expect(used.subject.length + used.user.length + used.answerValue.length).toBe(0);
    expect(used.isForeign || used.isDropped).toBe(false);
    expect(used.reason == Reason.None && used.reported == Reason.None).toBe(true);
    expect(used.renewal == Renewal.None && used.origin == -1).toBe(true);
    expect(used.credential == null && used.verified == null && used.opened == null).toBe(true);
    expect(used.found == null && !used.isWeighed).toBe(true);
    expect(offsetof<Decision>()).toBe(23 * 4);
  });
  test("credential", () => {
    const fresh = new Credential();
    const used = new Credential();
    spoil(changetype<usize>(used), 0, offsetof<Credential>());
    used.begin();
    // Beside a boolean are bytes that mean nothing.
    expect(used.token == null && used.known == null && !used.isForeign && !used.isSought).toBe(
      true,
    );
    expect(used.source == fresh.source && used.reason == fresh.reason).toBe(true);
    expect(used.ambiguous == fresh.ambiguous && used.user.length == 0).toBe(true);
  });
  test("request", () => {
    const method = Bytes.of("GET");
    const uri = Bytes.of("/");
    const fresh = new Request(method, uri);
    const used = new Request(method, uri);
    spoil(changetype<usize>(used), 0, offsetof<Request>());
    used.begin(method, uri, NO_NAMES, Bytes.empty(), 1, false);
    expect(used.method.equals(method) && used.uri.equals(uri)).toBe(true);
    for (let field = 0; field < 20; field++) expect(used.get(field) == null).toBe(true);
    expect(used.names == fresh.names && used.headers == fresh.headers).toBe(true);
    expect(used.letters == fresh.letters && used.letters != 0).toBe(true);
    expect(used.peer == null && used.id.length == 0 && used.time == 1).toBe(true);
    expect(used.madeId == used.id && !used.tooLarge).toBe(true);
  });
  test("facts and body", () => {
    const settings = new Settings();
    const request = new Request(Bytes.of("GET"), Bytes.of("/"));
    const body = new Body(settings.vocabulary.body, noBody, nothingLate);
    const facts = new Facts(request, body, settings.vocabulary);
    facts.readBody();
    const kept = offsetof<Facts>("body");
    spoil(changetype<usize>(facts), 0, kept);
    const other = new Request(Bytes.of("PUT"), Bytes.of("/a"));
    const text = Bytes.of("a");
    facts.host = text;
    facts.begin(other, text, text, false);
    expect(facts.request == other && facts.path == text && facts.query == text).toBe(true);
    expect(facts.host == text && facts.caller == null && facts.captures == null).toBe(true);
    expect(facts.callerName.length + facts.issuerName.length).toBe(0);
    expect(facts.isAnonymous || facts.undecided || facts.isUnsure || facts.isBodyRead).toBe(false);
    expect(facts.unread).toBe(Reason.None);
  });
  test("path", () => {
    const path = new Path();
    const targets = ["/a/b?c=d", "/a%2Fb", "/a//b", "/" + "a".repeat(9000), "/%ff", "/a?b\nc", "/"];
    for (let i = 0; i < targets.length; i++) {
      for (let j = 0; j < targets.length; j++) {
        const target = Bytes.of(targets[j]);
        const fresh = new Path();
        fresh.take(target);
        path.take(Bytes.of(targets[i]));
        path.take(target);
        expect(path.text.equals(fresh.text) && path.encoded.equals(fresh.encoded)).toBe(true);
        expect(path.refused == fresh.refused && path.ambiguous == fresh.ambiguous).toBe(true);
        expect(path.query.equals(fresh.query)).toBe(true);
      }
    }
  });
});
