/**
 * `npm run test:conformance -- --suite https://localhost:8443`: plays the OpenID Foundation's suite, which somebody
 * else runs, against a real Traefik with the plugin. See docs/conformance.md. Prints a row for each module.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { connect, type DetailedPeerCertificate } from "node:tls";
import { parseArgs } from "node:util";
import { runPlans } from "./run.ts";
import { PLANS } from "./plans.ts";

const USAGE = `npm run test:conformance -- --suite URL [options]
  --suite URL     where the suite runs, as in https://localhost:8443
  --ca FILE       PEM of who vouches for its certificate; the certificate that it shows when absent
  --plan NAME     one of ${Object.keys(PLANS).join(", ")}; may be repeated; all of them when absent
  --module TEXT   only modules whose name contains it
  --json FILE     writes the results there as well`;

function fail(message: string): never {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      options: {
        suite: { type: "string" },
        ca: { type: "string" },
        plan: { type: "string", multiple: true },
        module: { type: "string", default: "" },
        json: { type: "string" },
      },
    }).values;
  } catch (error) {
    return fail((error as Error).message);
  }
}

/** What a server that nobody vouches for shows: the last certificate of its chain. */
function shownBy(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: hostname,
      port: Number(port || 443),
      rejectUnauthorized: false,
    });
    socket.on("error", reject);
    socket.on("secureConnect", () => {
      let last: DetailedPeerCertificate = socket.getPeerCertificate(true);
      while (last.issuerCertificate && last.issuerCertificate !== last) {
        last = last.issuerCertificate;
      }
      socket.destroy();
      const text = last.raw.toString("base64").replace(/.{1,64}/g, "$&\n");
      resolve(`-----BEGIN CERTIFICATE-----\n${text}-----END CERTIFICATE-----\n`);
    });
  });
}

const { suite, ca, plan = Object.keys(PLANS), module, json } = options();
if (!suite || !URL.canParse(suite)) fail("--suite is missing, or no URL");
const unknown = plan.find((name) => !Object.hasOwn(PLANS, name));
if (unknown) fail(`${unknown} is no plan`);
const url = new URL(suite).origin;
const pem = ca
  ? readFileSync(ca, "utf8")
  : url.startsWith("https:")
    ? await shownBy(url)
    : undefined;

const results = await runPlans({ url, ca: pem, plans: plan, contains: module });
if (json) writeFileSync(json, JSON.stringify(results, null, 2));
const failed = results.filter(({ good }) => !good).length;
console.log(`\n${results.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 || results.length === 0 ? 1 : 0);
