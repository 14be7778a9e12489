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
}
