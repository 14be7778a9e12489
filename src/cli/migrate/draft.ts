/**
 * A migration under way: the block that is being written, its rules, and what became of each thing that was read.
 * Nothing is lost without a word: what is read is told with `tell`, and that takes a `Said`.
 */
import type { Allow } from "./allow.ts";
import { firstMatch, type Given, type Rule } from "./first-match.ts";
import { denied, type Entry, type Said } from "./said.ts";

export type Tree = Record<string, unknown>;

export class Draft {
  /** Of the plugin's block, without rules. */
  readonly block: Tree = {};
  readonly entries: Entry[] = [];
  /** What people have to do. */
  readonly notes: string[] = [];
  rules: Rule[] = [];
  /** The original sent people to sign in. */
  signsIn = false;
  /** Where the application listens, if that is known. */
  service: string | null = null;
  /** It was a middleware of Traefik's: routers name it already. */
  isMiddleware = false;
  /** Reasons for which nobody gets in, wherever. */
  private readonly closed: string[] = [];
  /** Reasons for which nobody gets in who would have to sign in. */
  private readonly refused: string[] = [];

  constructor(
    /** What it comes from. */
    readonly from: string,
    /** The middleware's name. */
    public name = "rolegate",
  ) {}

  /** What became of a thing. Denied are whoever would have to sign in: that is more than words. */
  tell(what: string, said: Said): void {
    this.entries.push({ what, said });
    if (said.how === "exactly" && said.note !== undefined) this.note(said.note);
    if (said.how === "denied") this.refused.push(`${what}: ${said.why}`);
  }

  /** Nobody knows what it restricts, so everything is denied. */
  close(what: string, why: string): void {
    this.entries.push({ what, said: denied(why) });
    this.closed.push(`${what}: ${why}`);
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  /** Below a map of the block, such as `login`. */
  put(path: string, value: unknown): void {
    const names = path.split(".");
    const last = names.pop()!;
    const at = names.reduce<Tree>((tree, name) => (tree[name] ??= {}) as Tree, this.block);
    at[last] = value;
  }

  get(path: string): unknown {
    return path.split(".").reduce<unknown>((at, name) => treeOf(at)[name], this.block);
  }

  /** The rules of the original, in its order; `otherwise` is what stands as `default`. */
  decide(list: readonly Given[], otherwise: Allow): void {
    const refusal = this.refused.join("; ");
    const allowed = list.map((given): Given => {
      if (refusal === "" || ["public", "deny"].includes(given.allow)) return given;
      return { ...given, allow: "deny", said: denied(refusal) };
    });
    const last = refusal === "" ? otherwise : "deny";
    const { rules, entries } = firstMatch(allowed, last);
    this.rules.push(...rules);
    // Why was told where it was read.
    this.entries.push(...entries.filter(({ said }) => !("why" in said && said.why === refusal)));
    // `default` is a word.
    const isWord = ["deny", "authenticated"].includes(last);
    if (!isWord || this.rules.length === 0) {
      this.rules.push({ name: "everything", match: "PathPrefix(`/`)", allow: last });
    }
    this.put("default", isWord ? last : "deny");
  }

  /** The whole block, as the plugin takes it; placeholders are in it. */
  whole(): Tree {
    const rules = this.finished().map(({ why: _, ...rule }) => rule);
    const { default: otherwise, ...block } = this.block;
    return { ...block, rules, default: otherwise };
  }

  /** As they are written: names once each, and a lock in front where something unknown was read. */
  finished(): Rule[] {
    const names = new Set<string>();
    const rules = this.rules.map((rule) => {
      if (rule.name === undefined) return rule;
      let name = rule.name;
      for (let count = 2; names.has(name); count++) name = `${rule.name}-${count}`;
      names.add(name);
      return { ...rule, name };
    });
    if (this.closed.length === 0) return rules;
    const why = `${this.closed.join("; ")}. Take this rule away when that is seen to`;
    return [{ name: "closed", match: "PathPrefix(`/`)", allow: "deny", why }, ...rules];
  }
}

export const treeOf = (value: unknown): Tree =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Tree) : {};

/** Texts of a list; of one text its parts between commas. */
export function listOf(value: unknown): string[] {
  const list = Array.isArray(value)
    ? value
    : typeof value === "string"
      ? value.split(",")
      : [value];
  return list.flatMap((it) =>
    typeof it === "string" || typeof it === "number" || typeof it === "boolean"
      ? [String(it).trim()].filter(Boolean)
      : [],
  );
}

export const isTrue = (value: unknown) =>
  value === true || /^(true|1|yes|on)$/i.test(String(value));

/** Somebody else was to put a value there: a variable, or a template. */
export const isReference = (text: string) =>
  /\$\{|\$\w|\{\{|^urn:k8s:secret:|^<.*>$|^\[\[/.test(text);

/** A text that stands for itself; else the placeholder. */
export const plainOr = (value: unknown, placeholder: string): string => {
  const text =
    typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
  return text !== "" && !isReference(text) ? text : placeholder;
};
