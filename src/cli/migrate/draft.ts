/**
 * A migration in progress: the block that is being written, its rules, and what became of each
 * option that was read. Nothing is lost silently: every option that is read is recorded with
 * `tell`, which needs a `Said`.
 */
import type { Allow } from "./allow.ts";
import { firstMatch, type Given, type Rule } from "./first-match.ts";
import { denied, type Entry, type Said } from "./said.ts";

export type Tree = Record<string, unknown>;

export class Draft {
  /** The plugin's block, without rules. */
  readonly block: Tree = {};
  readonly entries: Entry[] = [];
  /** Steps that people must do. */
  readonly notes: string[] = [];
  rules: Rule[] = [];
  /** The original redirected users to sign in. */
  signsIn = false;
  /** The application's address, if it is known. */
  service: string | null = null;
  /** It was a middleware of Traefik, so routers name it already. */
  isMiddleware = false;
  /** Reasons to deny everyone everywhere. */
  private readonly closed: string[] = [];
  /** Reasons to deny everyone who would have to sign in. */
  private readonly refused: string[] = [];

  constructor(
    /** The tool that it comes from. */
    readonly from: string,
    /** The middleware's name. */
    public name = "rolegate",
  ) {}

  /**
   * Records what became of an option. If it is denied, everyone who would have to sign in is
   * denied.
   */
  tell(what: string, said: Said): void {
    this.entries.push({ what, said });
    if (said.how === "exactly" && said.note !== undefined) this.note(said.note);
    if (said.how === "denied") this.refused.push(`${what}: ${said.why}`);
  }

  /** Denies everything, because it is unknown what the option restricts. */
  close(what: string, why: string): void {
    this.entries.push({ what, said: denied(why) });
    this.closed.push(`${what}: ${why}`);
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  /** Sets an option in a map of the block, such as `login`. */
  put(path: string, value: unknown): void {
    const names = path.split(".");
    const last = names.pop()!;
    const at = names.reduce<Tree>((tree, name) => (tree[name] ??= {}) as Tree, this.block);
    at[last] = value;
  }

  get(path: string): unknown {
    return path.split(".").reduce<unknown>((at, name) => treeOf(at)[name], this.block);
  }

  /** Sets the original's rules, in its order; `otherwise` becomes `default`. */
  decide(list: readonly Given[], otherwise: Allow): void {
    const refusal = this.refused.join("; ");
    const allowed = list.map((given): Given => {
      if (refusal === "" || ["public", "deny"].includes(given.allow)) return given;
      return { ...given, allow: "deny", said: denied(refusal) };
    });
    const last = refusal === "" ? otherwise : "deny";
    const { rules, entries } = firstMatch(allowed, last);
    this.rules.push(...rules);
    // The reason was recorded where the option was read.
    this.entries.push(...entries.filter(({ said }) => !("why" in said && said.why === refusal)));
    // `default` can only be a word.
    const isWord = ["deny", "authenticated"].includes(last);
    if (!isWord || this.rules.length === 0) {
      this.rules.push({ name: "everything", match: "PathPrefix(`/`)", allow: last });
    }
    this.put("default", isWord ? last : "deny");
  }

  /** The whole block, as the plugin reads it, with placeholders. */
  whole(): Tree {
    const rules = this.finished().map(({ why: _, ...rule }) => rule);
    const { default: otherwise, ...block } = this.block;
    return { ...block, rules, default: otherwise };
  }

  /**
   * The rules as they are written: each name once, and a rule that denies in front if something
   * unknown was read.
   */
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

/** Texts of a list, or the parts of one text between commas. */
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

/** True for a placeholder that was never replaced: a variable, or a template. */
export const isReference = (text: string) =>
  /\$\{|\$\w|\{\{|^urn:k8s:secret:|^<.*>$|^\[\[/.test(text);

/** A literal text, or the placeholder. */
export const plainOr = (value: unknown, placeholder: string): string => {
  const text =
    typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
  return text !== "" && !isReference(text) ? text : placeholder;
};
