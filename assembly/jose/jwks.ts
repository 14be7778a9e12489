/** Key sets, RFC 7517 §5: reads one, and finds the keys that may have signed a token. */
import { KEY_CANDIDATES, KEYS } from "../limits";
import { Json } from "../json/value";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";
import { Algorithm } from "./algorithms";
import { importJwk } from "./jwk";
import { describeProblem, Key, KeyProblem } from "./key";

/**
 * Refusal of a set that has keys, none of which may verify according to `use`, `key_ops` or `alg`.
 */
const NO_SIGNATURES = "none of its keys is for verifying signatures";

/** The keys of a set, and its problems. */
@final
export class KeySet {
  /**
   * Keys for encryption are kept too, so that a token that names one is refused with the right
   * reason.
   */
  readonly keys: Array<Key> = [];
  /** Number of keys that may verify. */
  usable: i32 = 0;
  /** Why the whole set is refused; empty when it is accepted. */
  refusal: string = "";
  /** Entries that were skipped, and why. */
  readonly skipped: Array<string> = [];
  /** True if one of them was too weak, malformed or dangerous, not only of another kind. */
  hasBadKey: bool = false;
}

/** Reads a key set from parsed JSON; its keys are allocated in the active region. */
export function readKeySet(json: Json | null): KeySet {
  const set = new KeySet();
  const entries = json ? json.member("keys") : null;
  if (!json) set.refusal = "it is no JSON";
  else if (!entries || !entries.isArray) set.refusal = "it has no list `keys`";
  else if (entries.count > KEYS) set.refusal = `it has more than ${KEYS} keys`;
  if (!entries || set.refusal.length > 0) return set;
  let index = 0;
  for (let it = entries.first; it; it = it!.next) {
    const imported = importJwk(it);
    const problem = imported.problem;
    const key = imported.key;
    if (key) {
      set.keys.push(key);
      if (key.verifying) set.usable++;
    } else {
      set.skipped.push(`keys[${index}]: ${describeProblem(problem)}`);
    }
    // Whoever can read this file has the signer's secret, so nothing that the key signed can be
    // trusted.
    if (problem == KeyProblem.Private) set.refusal = set.skipped[set.skipped.length - 1];
    if (!key && problem != KeyProblem.Unsupported && problem != KeyProblem.Symmetric) {
      set.hasBadKey = true;
    }
    index++;
  }
  if (set.usable == 0 && set.refusal.length == 0) {
    const why = set.keys.length > 0 ? NO_SIGNATURES : index > 0 ? set.skipped[0] : "";
    set.refusal = "it has no usable key" + (why.length > 0 ? `; ${why}` : "");
  }
  return set;
}

/** The keys to try for one token. */
@final
export class Candidates {
  readonly keys: Array<Key> = [];
  private kidMatched: bool = false;

  constructor(
    private kid: Bytes | null,
    private algorithm: Algorithm,
  ) {}

  /** Adds the keys of a list that fit. A key without `kid`, such as a PEM, fits any token. */
  consider(keys: Array<Key>): void {
    const kid = this.kid;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      const own = key.kid;
      if (kid && own && !own.equals(kid)) continue;
      if (kid && own) this.kidMatched = true;
      if (key.allows(this.algorithm)) this.keys.push(key);
    }
  }

  /** Why no key can be tried, or None. */
  get reason(): Reason {
    if (this.keys.length > KEY_CANDIDATES) return Reason.KeyAmbiguous;
    if (this.keys.length > 0) return Reason.None;
    return this.kidMatched ? Reason.KeyMismatch : Reason.KeyUnknown;
  }
}
