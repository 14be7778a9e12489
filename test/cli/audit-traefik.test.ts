/**
 * `rolegate audit` on the log of a real Traefik with the Prefect example's rules, in both of its formats.
 * ROLEGATE_LOGS=write keeps the logs as fixtures, for the examples in docs/audit.md.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { PEOPLE, prefectLog } from "./prefect-log.ts";
import { fixtures, rolegate } from "./run.ts";

interface Row {
  user: string;
  method: string;
  path: string;
  reason: string;
  rule: string;
  roles: string;
  allowed: number;
  refused: number;
  reported: number;
}

const KEPT: Record<string, string> = {
  "json false": "prefect.json.log",
  "common false": "traefik.log",
  "json true": "report.json.log",
  "common true": "report.common.log",
};

for (const format of ["json", "common"] as const) {
  for (const reportOnly of [false, true]) {
    describe(`${format}${reportOnly ? ", reportOnly" : ""}`, () => {
      test("every decision is read, and no credential is shown", async () => {
        const { lines, secrets } = await prefectLog({ format, reportOnly });
        const input = `${lines.join("\n")}\n`;
        if (process.env.ROLEGATE_LOGS === "write") {
          writeFileSync(join(fixtures, "audit", KEPT[`${format} ${reportOnly}`]!), input);
        }
        const ran = await rolegate(["audit", "-f", "json"], { input });
        assert.deepEqual([ran.code, ran.stderr], [0, ""]);
        const rows = JSON.parse(ran.stdout) as Row[];
        const of = (user: string) =>
          rows
            .filter((row) => row.user === user)
            .map(({ method, rule, reason, allowed, refused, reported }) =>
              [method, rule, reason, allowed, refused, reported].join(" "),
            )
            .sort();
        const not = (count: number) => (reportOnly ? `0 0 ${count}` : `0 ${count} 0`);
        assert.deepEqual(of("bob"), [
          `GET see_secret_blocks rule_not_satisfied ${not(1)}`,
          `POST run_deployments rule_not_satisfied ${not(2)}`,
          `POST run_flows audience_mismatch ${not(1)}`,
        ]);
        assert.deepEqual(of("carol"), [
          `DELETE manage_flows rule_not_satisfied ${not(1)}`,
          `POST cancel_flow_runs rule_not_satisfied ${not(1)}`,
          "POST run_deployments - 1 0 0",
        ]);
        assert.deepEqual(of("ada"), [
          "DELETE manage_flows - 1 0 0",
          "POST manage_variables - 1 0 0",
        ]);
        assert.deepEqual(of("apikey:worker"), [
          `DELETE manage_deployments rule_not_satisfied ${not(1)}`,
          ...["POST run_flows - 1 0 0", "POST run_flows - 1 0 0"],
        ]);
        assert.equal(of("anonymous").length, 2);
        // Roles belong to a token, so the one for another application has none.
        const rolesOf = (rule: string) =>
          rows.find((row) => row.user === "bob" && row.rule === rule)!.roles;
        assert.deepEqual([rolesOf("run_deployments"), rolesOf("run_flows")], ["viewer", "-"]);
        // The one command of docs/audit.md, for today's log.
        const why = await rolegate(["audit", "--why", "--user", "bob", "--since", "yesterday"], {
          input,
        });
        assert.deepEqual([why.code, why.stderr], [0, ""]);
        const would = reportOnly ? "would be " : "";
        for (const text of [
          `${would}403 rule_not_satisfied\n  bob (${PEOPLE[0]!.id}) from 127.0.0.1, 2 times`,
          "The rule run_deployments refuses bob, who has the role viewer.",
          "The provider's roles: prefect-viewer.",
          `POST /api/logs/  ${would}401 audience_mismatch`,
          "aud account; azp shop.\n  Expected is aud prefect.",
        ]) {
          assert.ok(why.stdout.includes(text), `${text}\nis not in\n${why.stdout}`);
        }
        for (const view of [
          [],
          ["--why"],
          ["--by", "user,path"],
          ["-f", "csv"],
          ["--by", "user,issuer"],
        ]) {
          const { stdout, stderr } = await rolegate(["audit", ...view], { input });
          for (const secret of secrets) assert.ok(!`${stdout}${stderr}`.includes(secret));
          assert.ok(stdout.includes(PEOPLE[0]!.username));
        }
      });
    });
  }
}
