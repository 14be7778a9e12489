/** Prints what tokens cost that a guest has never seen. */
import type { NewTokens } from "./new-token.ts";
import { quartiles, range, say, table } from "./report.ts";

export function sayNewTokens(results: NewTokens[]): void {
  say("\na token that the guest has never seen: handle_request on wazero, and Go's own work on it");
  const title = ["microseconds", "bytes", "new", "range", "again", "Go", "ratio", "range"];
  const more = ["Go, signature", "ratio", "range"];
  const compared = results.some(({ against }) => against);
  table(
    [...title, ...more, ...(compared ? ["against", "quotient", "quartiles"] : [])],
    results.map(
      ({ algorithm, bytes, fresh, again, go, ratio, signature, ofSignature, against }) => [
        ...[algorithm, String(bytes), ...range(fresh, 1), again.median.toFixed(1)],
        ...[go.median.toFixed(1), ...range(ratio, 2)],
        ...[signature.median.toFixed(1), ...range(ofSignature, 2)],
        ...(against ? [against.fresh.median.toFixed(1), ...quartiles(against.quotient, 3)] : []),
      ],
    ),
  );
  sayParts(results);
}

/** What each part takes of a new token; the rest is what a token costs that is known. */
function sayParts(results: NewTokens[]): void {
  say("\nthe parts of its verification, each alone in a loop");
  const of = ({ parts, again, fresh }: NewTokens) => {
    const { base64, json, hash, signature, claims, identity, all, keyImport } = parts;
    const counted = [base64, json, claims, identity].map(({ median }) => median);
    const exponentiation = signature.median - hash.median;
    const others = all.median - signature.median - counted.reduce((sum, it) => sum + it);
    const rest = fresh.median - all.median;
    const row = [hash.median, exponentiation, ...counted, others, all.median, again.median, rest];
    return [...row, keyImport.median];
  };
  const title = ["hash", "signature", "base64", "JSON", "claims", "roles, headers", "others"];
  table(
    ["microseconds", "bytes", ...title, "all of it", "again", "new less all", "import of a key"],
    results.map((it) => [it.algorithm, String(it.bytes), ...of(it).map((time) => time.toFixed(2))]),
  );
}
