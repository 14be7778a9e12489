/**
 * A migration under way: the block that is being written, and what of the old configuration has no counterpart.
 * Every key of the old one ends in one of the two: nothing is lost without a word.
 */

export type Tree = Record<string, unknown>;

export interface Rule {
  name?: string;
  match: string;
  allow: string;
}

export interface Left {
  /** The old key, as it was written. */
  key: string;
  why: string;
}

export class Draft {
  /** Of the plugin's block, without rules. */
  readonly block: Tree = {};
  readonly rules: Rule[] = [];
  readonly left: Left[] = [];
  /** What people have to do, or should know. */
  readonly notes: string[] = [];

  constructor(
    /** What it comes from. */
    readonly from: string,
  ) {}

  leave(key: string, why: string): void {
    this.left.push({ key, why });
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
}

/** What becomes of an old key; `undefined` for its value is never asked. */
export type Taker = (draft: Draft, value: unknown, all: Source) => void;

/** An old configuration by its keys, in any case. */
export class Source {
  private readonly entries: [string, unknown][];

  constructor(tree: Tree) {
    this.entries = Object.entries(tree);
  }

  get(key: string): unknown {
    return this.entries.find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  }

  text(key: string): string | undefined {
    const value = this.get(key);
    return typeof value === "string" && value !== ""
      ? value
      : typeof value === "number"
        ? String(value)
        : undefined;
  }

  map(key: string): Tree {
    return treeOf(this.get(key));
  }

  /** Gives every key to its taker; a key without one has no counterpart. */
  give(takers: Record<string, Taker>, draft: Draft, prefix = ""): void {
    const known = new Map(Object.entries(takers).map(([key, taker]) => [key.toLowerCase(), taker]));
    for (const [key, value] of this.entries) {
      const taker = known.get(key.toLowerCase());
      if (taker) taker(draft, value, this);
      else draft.leave(prefix + key, "not known here");
    }
  }
}

export const treeOf = (value: unknown): Tree =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Tree) : {};

/** A list of texts; of one text its parts between commas and spaces. */
export function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  if (typeof value !== "string" || value === "") return [];
  return value.split(/[\s,]+/).filter(Boolean);
}

export const isTrue = (value: unknown) =>
  value === true || /^(true|1|yes|on)$/i.test(String(value));

/** As the plugin takes durations, of seconds or of Go's notation. */
export function durationOf(value: unknown): string | null {
  const text = String(value);
  if (/^\d+$/.test(text)) return `${text}s`;
  const parts = [...text.matchAll(/(\d+)(h|m|s)/g)];
  if (parts.length === 0 || parts.map(([all]) => all).join("") !== text) return null;
  const unit = { h: 3600, m: 60, s: 1 };
  const seconds = parts.reduce(
    (sum, [, count, name]) => sum + Number(count) * unit[name as "h"],
    0,
  );
  return seconds % 3600 === 0
    ? `${seconds / 3600}h`
    : seconds % 60 === 0
      ? `${seconds / 60}m`
      : `${seconds}s`;
}

/** Takers that many tools share. */
export const take = {
  to:
    (path: string): Taker =>
    (draft, value) =>
      draft.put(path, value),
  texts:
    (path: string): Taker =>
    (draft, value) =>
      draft.put(path, listOf(value)),
  flag:
    (path: string): Taker =>
    (draft, value) =>
      draft.put(path, isTrue(value)),
  duration:
    (path: string, key: string): Taker =>
    (draft, value) => {
      const duration = durationOf(value);
      if (duration === null) draft.leave(key, `${String(value)} is no duration here`);
      else if (duration !== "0s") draft.put(path, duration);
    },
  /** Secrets are not copied. */
  secret:
    (path: string, name: string): Taker =>
    (draft) => {
      draft.put(path, `env:${name}`);
      draft.note(
        `the secret itself was not copied: set the environment variable ${name}, and name it in settings.envs`,
      );
    },
  sessionSecret: ((draft) => {
    draft.put("session.secrets", ["file:/state/session-secret"]);
    draft.note(
      "make a new session secret: rolegate secret -o state/session-secret. Everybody signs in once more",
    );
  }) as Taker,
  no:
    (key: string, why: string): Taker =>
    (draft) =>
      draft.leave(key, why),
  /** What the plugin does anyway. */
  always:
    (key: string, what: string): Taker =>
    (draft, value) =>
      isTrue(value) ? undefined : draft.leave(key, `${what}, always`),
  /** What stands under another key that takes care of it. */
  nothing: (() => {}) as Taker,
};
