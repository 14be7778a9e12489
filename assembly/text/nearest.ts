/** Suggests the known name that a mistyped one probably means. */
import { lower } from "./ascii";

/** The name in `known` that is nearest to `name`, in any case; empty when none is near. */
export function nearest(name: string, known: StaticArray<string>): string {
  let best = "";
  let least = name.length / 3 + 2;
  if (name.length > 64) return best;
  for (let i = 0; i < known.length; i++) {
    const distance = editDistance(name, known[i]);
    if (distance >= least) continue;
    least = distance;
    best = known[i];
  }
  return best;
}

/** Levenshtein distance, in any case. */
function editDistance(a: string, b: string): i32 {
  const row = new StaticArray<i32>(b.length + 1);
  for (let j = 0; j <= b.length; j++) row[j] = j;
  for (let i = 0; i < a.length; i++) {
    let diagonal = row[0];
    row[0] = i + 1;
    for (let j = 0; j < b.length; j++) {
      const replaced = diagonal + (lower(a.charCodeAt(i)) == lower(b.charCodeAt(j)) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = min(replaced, min(diagonal, row[j]) + 1);
    }
  }
  return row[b.length];
}
