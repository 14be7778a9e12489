import { Parser } from "../../../assembly/policy/parser";
import { Allow, Rule } from "../../../assembly/policy/rule";
import { Prefilter } from "../../../assembly/policy/prefilter";
import { Vocabulary } from "../../../assembly/policy/vocabulary";
import { Bytes } from "../../../assembly/text/bytes";
import { Pattern } from "../../../assembly/policy/pattern";

const PATTERNS: Array<string> = (
  "/ /a /abc /abcd /abcd/ /abcd/efgh /abcd/*/ /**/efgh/ /ab%2Acd /abcd/%2A* /** /abcd/** /**/efgh /abcd/**/efgh /abcd/**/x /* /abcd/* /*/efgh " +
  "/abcd/*/efgh /abcd/ef* /abcd/*gh /abcd/e*gh /{name} /abcd/{name} /abcd/{name}/efgh /{name}/**"
).split(" ");
const PATHS: Array<string> = (
  "/ /a /ab /abc /abcd /abcd/ /abcde /abcd/x /abcd/efgh /efgh /abcd/efgh/ /abcd/efgh/x /abcd/x/efgh " +
  "/ab*cd /ab*cd/x /abcd/* /abcd/*x /abcd/x/y/efgh /x/efgh /abcd/gh /abcd/egh /abcd/exgh /abcd/x/ /x/y/z /abcd/efghi /xabcd /xabcd/efgh"
).split(" ");

function prefilterOf(matches: Array<string>): Prefilter {
  const parser = new Parser(new Vocabulary());
  const none = Bytes.empty();
  const rules: Array<Rule> = [];
  for (let i = 0; i < matches.length; i++) {
    const match = parser.parse(Bytes.of(matches[i]), true);
    rules.push(new Rule(none, match, Allow.Deny, null, none, false));
  }
  return new Prefilter(rules);
}

function found(prefilter: Prefilter, path: string): Array<i32> {
  const text = Bytes.of(path);
  const list: Array<i32> = [];
  for (let i = prefilter.first(text); i < prefilter.size; i = prefilter.next(i + 1)) list.push(i);
  return list;
}

describe("a prefilter", () => {
  test("never rules out a pattern that matches", () => {
    let matched = 0;
    for (let i = 0; i < PATTERNS.length; i++) {
      for (let j = 0; j < PATHS.length; j++) {
        for (let prefix = 0; prefix < 2; prefix++) {
          const pattern = new Pattern(Bytes.of(PATTERNS[i]), prefix == 1);
          if (!pattern.matches(Bytes.of(PATHS[j]), null)) continue;
          matched++;
          const name = prefix ? "PathPrefix" : "Path";
          const prefilter = prefilterOf([name + "(`" + PATTERNS[i] + "`)"]);
          if (prefilter.first(Bytes.of(PATHS[j])) != 0) trace(PATTERNS[i] + " " + PATHS[j]);
          expect(prefilter.first(Bytes.of(PATHS[j]))).toBe(0);
        }
      }
    }
    expect(matched).toBeGreaterThan(200);
  });
  test("rules out what cannot match", () => {
    const prefilter = prefilterOf([
      "Path(`/other`)",
      "PathPrefix(`/api/runs`)",
      "Path(`/api/**/count`) && Method(`POST`)",
      "Method(`GET`) && (PathPrefix(`/files`) || Path(`/api/runs/*`))",
    ]);
    expect(found(prefilter, "/api/runs/7")).toStrictEqual([1, 3]);
    expect(found(prefilter, "/api/x/count")).toStrictEqual([2]);
    expect(found(prefilter, "/files")).toStrictEqual([3]);
    expect(found(prefilter, "/")).toStrictEqual([]);
  });
  test("lets all through that do not depend on the path alone", () => {
    const prefilter = prefilterOf([
      "Method(`GET`)",
      "!Path(`/other`)",
      "Path(`/other`) || Method(`GET`)",
      "BodyJSON(`a`) && Path(`/other`)",
    ]);
    expect(found(prefilter, "/x/y/z")).toStrictEqual([0, 1, 2]);
  });
  test("finds a rule once, whichever of its paths it is for", () => {
    const prefilter = prefilterOf([
      "PathPrefix(`/api/runs`, `/api`) || Path(`/api/*`)",
      "Path(`/other`)",
    ]);
    expect(found(prefilter, "/api/runs")).toStrictEqual([0]);
  });
});
