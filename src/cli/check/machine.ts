/** Findings for programs: a JSON document, and SARIF 2.1.0 for code-scanning services. */
import { CATALOGUE, type Severity } from "./catalogue-table.ts";
import type { Finding } from "./finding.ts";
import type { CheckResult } from "./run.ts";

export function jsonOf({ findings, gates, standIns }: CheckResult): string {
  const list = findings.map(({ place, severity, code, message, remedy, middleware, path }) => {
    const start = place.file.position(place.start);
    const end = place.file.position(place.end);
    return {
      ...{ severity, code, message, remedy: remedy || undefined, middleware, path },
      ...{ file: place.file.name, line: start.line, column: start.column },
      ...{ endLine: end.line, endColumn: end.column },
    };
  });
  return JSON.stringify({ middlewares: gates, findings: list, standIns }, null, 2);
}

/** Has an anchor for each code. */
const PAGE = "https://github.com/rolegate/rolegate/blob/main/docs/cli.md";

const LEVELS: Record<Severity, string> = { error: "error", warning: "warning", note: "note" };

export function sarifOf({ findings }: CheckResult, version: string): string {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const document = {
    $schema:
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "rolegate", version, rules: codes.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        results: findings.map((it) => resultOf(it, codes)),
      },
    ],
  };
  return JSON.stringify(document, null, 2);
}

function ruleOf(code: string) {
  const own = Object.hasOwn(CATALOGUE, code) ? CATALOGUE[code as keyof typeof CATALOGUE] : null;
  return {
    id: code,
    shortDescription: { text: own?.title ?? `The configuration: ${code.replaceAll("_", " ")}` },
    ...(own ? { help: { text: own.remedy }, helpUri: `${PAGE}#${code}` } : {}),
  };
}

function resultOf({ place, severity, code, message }: Finding, codes: string[]) {
  const start = place.file.position(place.start);
  const end = place.file.position(Math.max(place.end, place.start + 1));
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: LEVELS[severity],
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(place.file.name) },
          region: {
            ...{ startLine: start.line, startColumn: start.column },
            ...{ endLine: end.line, endColumn: end.column },
          },
        },
      },
    ],
  };
}

/** RFC 3986: relative to the folder that the command ran in. */
function uriOf(name: string): string {
  return name.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
}
