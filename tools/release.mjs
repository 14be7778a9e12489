/**
 * `npm run release:check -- vX.Y.Z`: whether the checkout may be released under that tag, by the rules of Traefik's
 * catalogue and our own. Writes what CHANGELOG.md says of the version to build/release/notes.md.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { root } from "./install.mjs";

const SEMVER = /^v\d+\.\d+\.\d+$/;

/** The section of a version, or null. */
export function notesOf(changelog, version) {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((it) => it.split(/\s/, 1)[0] === version);
  return section === undefined ? null : section.trim();
}

/**
 * `repository`: as GitHub names it, owner/name; undefined elsewhere. Returns the objections to the
 * release.
 */
export function objections({ tag, tags, manifest, changelog, repository }) {
  const found = [];
  if (!SEMVER.test(tag)) found.push(`the tag ${tag} is not of the form vX.Y.Z`);
  // The catalogue takes all tags for versions, and an invalid one keeps the plugin out.
  for (const odd of tags.filter((it) => !SEMVER.test(it))) {
    found.push(`the tag ${odd} is no version: the catalogue refuses the repository because of it`);
  }
  if (tag !== `v${manifest.version}`) found.push(`package.json has ${manifest.version}`);
  const notes = notesOf(changelog, manifest.version);
  if (notes === null) found.push(`CHANGELOG.md has no section "## ${manifest.version} (date)"`);
  else if (!/^\S+ \(\d{4}-\d\d-\d\d\)$/m.test(notes.split("\n", 1)[0])) {
    found.push(`CHANGELOG.md's section ${manifest.version} has no date`);
  }
  const own = /github\.com\/([^/]+\/[^/]+?)\.git$/.exec(manifest.repository.url)?.[1];
  if (repository !== undefined && repository !== own) {
    found.push(`package.json's repository is ${own}, and this is ${repository}`);
  }
  return found;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const read = (path) => readFileSync(`${root}${path}`, "utf8");
  const manifest = JSON.parse(read("package.json"));
  const tag = process.argv[2] ?? process.env.GITHUB_REF_NAME ?? "";
  const changelog = read("CHANGELOG.md");
  const tags = execFileSync("git", ["tag"], { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter(Boolean);
  const repository = process.env.GITHUB_REPOSITORY;
  const found = objections({ tag, tags, manifest, changelog, repository });
  for (const objection of found) console.error(objection);
  if (found.length > 0) process.exit(1);
  mkdirSync(`${root}build/release`, { recursive: true });
  writeFileSync(`${root}build/release/notes.md`, `${notesOf(changelog, manifest.version)}\n`);
  console.error(`${tag} may be released.`);
}
