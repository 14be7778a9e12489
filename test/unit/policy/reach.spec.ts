import { Parser } from "../../../assembly/policy/parser";
import { covers } from "../../../assembly/policy/reach";
import { Vocabulary } from "../../../assembly/policy/vocabulary";
import { Bytes } from "../../../assembly/text/bytes";

function leavesNothing(outer: string, inner: string): bool {
  const parser = new Parser(new Vocabulary());
  return covers(parser.parse(Bytes.of(outer), true)!, parser.parse(Bytes.of(inner), true)!);
}

describe("a match", () => {
  test("leaves nothing for one that it covers", () => {
    expect(leavesNothing("PathPrefix(`/`)", "Path(`/a`)")).toBe(true);
    expect(leavesNothing("PathPrefix(`/a`)", "PathPrefix(`/a/b`) && Method(`GET`)")).toBe(true);
    expect(leavesNothing("PathPrefix(`/a`, `/b`)", "Path(`/b/{x}`) || Path(`/a`)")).toBe(true);
    expect(
      leavesNothing("PathPrefix(`/a`) && Method(`GET`, `PUT`)", "Method(`PUT`) && Path(`/a`)"),
    ).toBe(true);
    expect(leavesNothing("Path(`/*/x`)", "Path(`/*/x`) && Host(`h`)")).toBe(true);
    expect(leavesNothing("!Path(`/a`)", "!Path(`/a`)")).toBe(true);
    expect(leavesNothing("Path(`/a`) || Method(`GET`)", "Method(`GET`)")).toBe(true);
    expect(leavesNothing("Query(`x`, `1`)", "Query(`x`, `1`) && Path(`/a`)")).toBe(true);
    expect(leavesNothing("PathPrefix(`/a/`)", "PathPrefix(`/a/b`)")).toBe(true);
    expect(leavesNothing("PathPrefix(`/a/`)", "Path(`/a/*/**`)")).toBe(true);
  });
  test("leaves something for others", () => {
    expect(leavesNothing("PathPrefix(`/a`)", "PathPrefix(`/ab`)")).toBe(false);
    expect(leavesNothing("PathPrefix(`/a`)", "PathPrefix(`/`)")).toBe(false);
    expect(leavesNothing("Path(`/a`)", "PathPrefix(`/a`)")).toBe(false);
    expect(leavesNothing("PathPrefix(`/a`) && Method(`GET`)", "PathPrefix(`/a`)")).toBe(false);
    expect(leavesNothing("Path(`/a`)", "Path(`/a`) || Path(`/b`)")).toBe(false);
    expect(leavesNothing("!Path(`/a`)", "Path(`/b`)")).toBe(false);
    expect(leavesNothing("Query(`x`, `1`)", "Query(`y`, `1`)")).toBe(false);
    expect(leavesNothing("Header(`a`, `1`)", "Header(`b`, `1`)")).toBe(false);
    expect(leavesNothing("BodyJSON(`a`)", "BodyJSON(`b`)")).toBe(false);
    expect(leavesNothing("Path(`/a/*`)", "Path(`/a/b`)")).toBe(false);
    expect(leavesNothing("PathPrefix(`/a/`)", "PathPrefix(`/a`)")).toBe(false);
    expect(leavesNothing("PathPrefix(`/a/`)", "Path(`/a/**`)")).toBe(false);
    expect(leavesNothing("Path(`/%2A`)", "Path(`/*`)")).toBe(false);
    expect(leavesNothing("Upgrade(`a`)", "Upgrade(`b`)")).toBe(false);
  });
});
