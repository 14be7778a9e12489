/**
 * A middleware's surroundings in Traefik: mounts and environment, as in the static configuration.
 * Without one, stand-ins replace them, so that a configuration can be checked on a machine without
 * its secrets.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FILES } from "../defaults.ts";
import { unknownsIn } from "../source/file.ts";
import type { Gate, Setup } from "../source/model.ts";
import { isBelow, mountsOf } from "../source/mounts.ts";
import { settingsOf } from "../source/static.ts";
import { scalars } from "../source/tree.ts";

export interface Surroundings {
  /** In loadGuest's form. */
  mounts: string[];
  env: Record<string, string>;
  /** The block, with the values that Kubernetes would put into it. */
  config: unknown;
  /** Descriptions of the values that were made up. */
  standIns: string[];
  /** True if a path of the plugin's leads into a folder that was made up. */
  isMade(path: string): boolean;
  remove(): void;
}

export interface AroundOptions {
  /** `host:guest`, like `settings.mounts`; they come before the static configuration's. */
  mounts?: readonly string[];
}

const FILE_OPTIONS = new Set(FILES.map((name) => name.toLowerCase()));

export function surroundingsOf(
  gate: Gate,
  setup: Setup,
  options: AroundOptions = {},
): Surroundings {
  const made = new Made();
  const plugin = gate.plugin ?? "rolegate";
  for (const { scalar } of scalars(gate.body)) {
    for (const { expression } of unknownsIn(scalar.place)) made.words.push(expression);
  }
  const settings = settingsOf(setup.statics, plugin);
  const config = withoutReferences(gate.delivered.config, made);
  const references = [...textsOf(config), ...textsOf(gate.content)];
  const names = references.flatMap(({ text }) => /^env:(.+)$/.exec(text)?.[1] ?? []);
  const paths = references.flatMap(({ key, text }) => {
    const path = /^file:(\/.+)$/.exec(text)?.[1];
    return path
      ? [{ path, isSecret: true }]
      : FILE_OPTIONS.has(key.toLowerCase()) && text.startsWith("/")
        ? [{ path: text, isSecret: false }]
        : [];
  });

  const env: Record<string, string> = {};
  for (const name of settings ? settings.envs : names) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
    else if (names.includes(name)) env[name] = made.secret(`the environment variable ${name}`);
  }

  const mounts = mountsOf(setup.statics, plugin, options.mounts ?? []).map(
    ({ host, folder, guest }) => ({
      source: existsSync(folder)
        ? folder
        : made.folder(`the folder ${host}, mounted as ${guest}`, guest),
      guest,
    }),
  );
  for (const { path } of paths) {
    const top = `/${path.split("/")[1]!}`;
    // With a static configuration at hand, a mount that is missing there is missing.
    if (mounts.some(({ guest }) => isBelow(path, guest)) || settings) continue;
    mounts.push({ source: made.folder(`a mount at ${top}`, top), guest: top });
  }
  for (const { path, isSecret } of paths) if (isSecret) made.file(path);
  return {
    mounts: mounts.map(({ source, guest }) => `${source}:${guest}:ro`),
    ...{ env, config, standIns: [...new Set(made.words)] },
    isMade: (path) => made.holds(path),
    remove: () => made.remove(),
  };
}

/** All texts of a value, with their keys. */
function* textsOf(value: unknown, key = ""): Generator<{ key: string; text: string }> {
  if (typeof value === "string") yield { key, text: value };
  else if (Array.isArray(value)) for (const item of value) yield* textsOf(item, key);
  else if (value !== null && typeof value === "object") {
    for (const [name, member] of Object.entries(value)) yield* textsOf(member, name);
  }
}

/** Traefik's Kubernetes provider replaces `urn:k8s:secret:name:key` by the secret's value. */
function withoutReferences(value: unknown, made: Made): unknown {
  if (typeof value === "string") {
    return /^urn:k8s:secret:/.test(value) ? made.secret(`the secret ${value}`) : value;
  }
  if (Array.isArray(value)) return value.map((item) => withoutReferences(item, made));
  if (value === null || typeof value !== "object") return value;
  const result: Record<string, unknown> = Object.create(null);
  for (const [key, member] of Object.entries(value)) result[key] = withoutReferences(member, made);
  return result;
}

/** Stand-ins, which must be removed again. */
class Made {
  readonly words: string[] = [];
  private home: string | null = null;
  private readonly folders = new Map<string, string>();

  secret(what: string): string {
    this.words.push(what);
    return randomBytes(48).toString("base64url");
  }

  folder(what: string, guest: string): string {
    this.words.push(what);
    this.home ??= mkdtempSync(join(tmpdir(), "rolegate-"));
    const path = join(this.home, `mount-${this.folders.size}`);
    mkdirSync(path);
    this.folders.set(guest, path);
    return path;
  }

  holds(path: string): boolean {
    return [...this.folders.keys()].some((guest) => isBelow(path, guest));
  }

  /** Makes a secret's file, if its folder is a stand-in. */
  file(path: string): void {
    for (const [guest, folder] of this.folders) {
      if (!path.startsWith(`${guest}/`)) continue;
      const target = join(folder, path.slice(guest.length));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, randomBytes(48).toString("base64url"), { mode: 0o600 });
    }
  }

  remove(): void {
    if (this.home) rmSync(this.home, { recursive: true, force: true });
  }
}
