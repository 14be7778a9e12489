/** What docs/assurance.md claims, and the command that shows it. All rows together are meant to take under 30 minutes. */

export interface Claim {
  name: string;
  claim: string;
  /** After `npm run`. */
  command: string[];
  /** The figure, of the command's output; absent: the counts of its last line. */
  figure?: (output: string) => string | null;
}

const found = (pattern: RegExp) => (output: string) => pattern.exec(output)?.[1] ?? null;

export const CLAIMS: Claim[] = [
  {
    name: "reproducible",
    claim: "Two builds of one source are the same, byte for byte",
    command: ["assurance", "--", "--build-twice"],
    figure: found(/^(sha256 [0-9a-f]{64})$/m),
  },
  {
    name: "vectors",
    claim: "Signatures, hashes and ciphers agree with Wycheproof, the RFCs and Node",
    command: ["test:vectors"],
  },
  {
    name: "fuzz",
    claim: "No input traps the guest",
    command: ["fuzz", "--", "--cases", "100000"],
    figure: found(/^(\d+ inputs, 0 went wrong), /m),
  },
  {
    name: "attack",
    claim: "The corpus of attacks is refused",
    command: ["test:attack"],
  },
  {
    name: "mutation",
    claim: "Each security check is needed: ten of them, others each day",
    command: ["mutate:sample"],
  },
  {
    name: "hosts",
    claim: "amd64 and arm64 decide alike, on wazero as on Node",
    command: ["test:hosts"],
  },
  {
    name: "versions",
    claim: "The least and the newest Traefik",
    command: ["test:traefik:ends"],
  },
  {
    name: "faults",
    claim: "When something else fails, nobody gets in by it and nothing is lost",
    command: ["test:faults"],
  },
  {
    name: "fleet",
    claim:
      "Three Traefiks with nothing in common but etcd: sign-outs hold everywhere, one refresh for all",
    command: ["test:fleet"],
  },
  {
    name: "soak",
    claim: "Five minutes of mixed traffic: nothing came otherwise than it had to",
    command: ["soak", "--", "--minutes", "5"],
    figure: (output) => {
      const memory = /"last": ([\d.]+),\s+"growthPerHour"/.exec(output)?.[1];
      const isClean = /"wrong": \{\},/.test(output);
      return isClean && memory
        ? `nothing wrong, ${Number(memory).toFixed(0)} MiB at the end`
        : null;
    },
  },
];
