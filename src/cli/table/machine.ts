/** The result of tables for programs: JSON, and JUnit's XML for CI systems. */
import { expectedText } from "./row.ts";
import type { TableResult, Tried } from "./run.ts";
import { outcomeText, requestText, unreached } from "./text.ts";

export function jsonOf(results: TableResult[]): string {
  const tables = results.map(({ table, tried, rules }) => ({
    file: table.file.name,
    rows: tried.map(({ row, outcome, passed, why }) => ({
      ...{ line: lineOf(row), group: row.group || undefined, who: row.who },
      ...{ method: row.method, url: row.url, passed, outcome },
      expected: row.expected ?? undefined,
      why: why.length > 0 ? why : undefined,
    })),
    rules,
  }));
  return JSON.stringify(tables, null, 2);
}

const lineOf = ({ place }: Tried["row"]) => place.file.position(place.start).line;

/**
 * The attributes that Jenkins, GitLab and GitHub's actions read. With `isStrict`, rules are cases
 * as well.
 */
export function junitOf(results: TableResult[], isStrict: boolean): string {
  const suites = results.flatMap((it) => suitesOf(it, isStrict));
  const sum = (key: "tests" | "failures" | "seconds") =>
    suites.reduce((total, suite) => total + suite[key], 0);
  const head = `<testsuites name="rolegate test" tests="${sum("tests")}" failures="${sum("failures")}" errors="0" time="${sum("seconds").toFixed(3)}">`;
  const body = suites.map(({ text }) => text).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${body}</testsuites>\n`;
}

interface Suite {
  tests: number;
  failures: number;
  seconds: number;
  text: string;
}

function suitesOf(result: TableResult, isStrict: boolean): Suite[] {
  const file = result.table.file.name;
  const groups = [...new Set(result.tried.map(({ row }) => row.group))];
  const rows = groups.map((group) => {
    const name = group === "" ? file : `${file}: ${group}`;
    const tried = result.tried.filter(({ row }) => row.group === group);
    const cases = tried.map((it) => ({
      name: `${requestText(it.row)} -> ${it.row.expected ? expectedText(it.row.expected) : "?"}`,
      line: lineOf(it.row),
      seconds: it.milliseconds / 1000,
      failure: it.passed ? null : { message: `is ${outcomeText(it)}`, text: failureText(it) },
    }));
    return suite(name, file, cases);
  });
  if (!isStrict) return rows;
  const missing = unreached(result);
  const cases = result.rules.map(({ name }) => ({
    ...{ name: `a row reaches the rule ${name}`, line: 1, seconds: 0 },
    failure: missing.includes(name) ? { message: "no row reaches it", text: "" } : null,
  }));
  return [...rows, suite(`${file}: coverage`, file, cases)];
}

function failureText(it: Tried): string {
  const expected = it.row.expected ? expectedText(it.row.expected) : "nothing yet";
  return [`expected ${expected}`, `is       ${outcomeText(it)}`, ...it.why].join("\n");
}

interface Case {
  name: string;
  line: number;
  seconds: number;
  failure: { message: string; text: string } | null;
}

function suite(name: string, file: string, cases: Case[]): Suite {
  const failures = cases.filter(({ failure }) => failure !== null).length;
  const seconds = cases.reduce((total, it) => total + it.seconds, 0);
  const lines = cases.map(({ name: of, line, seconds: time, failure }) => {
    const open = `    <testcase classname="${xml(name)}" name="${xml(of)}" file="${xml(file)}" line="${line}" time="${time.toFixed(3)}"`;
    if (!failure) return `${open}/>\n`;
    return `${open}>\n      <failure message="${xml(failure.message)}" type="decision">${xml(failure.text)}</failure>\n    </testcase>\n`;
  });
  const head = `  <testsuite name="${xml(name)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="${seconds.toFixed(3)}">`;
  return {
    tests: cases.length,
    failures,
    seconds,
    text: `${head}\n${lines.join("")}  </testsuite>\n`,
  };
}

const ENTITIES: Record<string, string> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;" },
};

/** Replaces control characters, which XML 1.0 cannot hold, by U+FFFD. */
function xml(text: string): string {
  return text
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      "\ufffd",
    )
    .replace(/[&<>"\n]/g, (c) => ENTITIES[c]!);
}
