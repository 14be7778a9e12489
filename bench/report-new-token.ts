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

/** The fastest batch of each part: what disturbs a loop is not the part's. */
function sayParts(results: NewTokens[]): void {
  say("\nthe parts of its verification, each alone in a loop, and what else handle_request does");
  const of = ({ parts, fresh, again }: NewTokens) => {
    const { base64, json, hash, signature, claims, identity, all, keyImport } = parts;
    const counted = [base64, json, claims, identity].map(({ min }) => min);
    const others = all.min - signature.min - counted.reduce((sum, it) => sum + it);
    const row = [hash.min, signature.min - hash.min, ...counted, others, fresh.min - all.min];
    return [...row, again.min, keyImport.min];
  };
  const title = ["hash", "signature", "base64", "JSON", "claims", "roles, headers", "others"];
  table(
    ["microseconds", "bytes", ...title, "the request", "again", "import of a key"],
    results.map((it) => [it.algorithm, String(it.bytes), ...of(it).map((time) => time.toFixed(2))]),
  );
}
