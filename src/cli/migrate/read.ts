/** Recognises a file's format, and reads it. */
import { CliError } from "../failure.ts";
import { SourceFile } from "../source/file.ts";
import { autheliaIn } from "./authelia/read.ts";
import { type Beside, nothingBeside } from "./beside.ts";
import type { Draft } from "./draft.ts";
import { nginxIn } from "./nginx/read.ts";
import { oauth2ProxyIn } from "./oauth2-proxy/read.ts";
import { pluginsIn } from "./plugins/read.ts";

/** All configurations of a file, each with its own name. */
export function migrate(file: SourceFile, beside: Beside = nothingBeside): Draft[] {
  const source = new SourceFile(file.name, file.text.replace(/^\uFEFF/, ""));
  for (const reader of [nginxIn, autheliaIn]) {
    const found = reader(source, beside);
    if (found.length > 0) return apart(found);
  }
  const { drafts, others } = pluginsIn(source);
  if (drafts.length > 0) return apart(drafts);
  const proxies = oauth2ProxyIn(source, beside);
  if (proxies.length > 0) return apart(proxies);
  throw new CliError(
    "not_recognised",
    `${file.name} is nothing that can be migrated${others.length > 0 ? `; it has the plugins ${others.join(", ")}` : ""}`,
    "it may be a configuration of oauth2-proxy (file, env, compose, chart, YAML), traefik-oidc-auth, traefikoidc, jwt-middleware, Traefik Hub's jwt and oidc, Authelia's access_control, or nginx with auth_request",
  );
}

/** The one of that name, or all. */
export function chosen(drafts: readonly Draft[], name: string | undefined): readonly Draft[] {
  if (name === undefined) return drafts;
  const found = drafts.filter((it) => it.name === name);
  if (found.length > 0) return found;
  throw new CliError(
    "no_middleware",
    `there is no ${name}`,
    `it has ${drafts.map((it) => it.name).join(", ")}`,
  );
}

function apart(drafts: Draft[]): Draft[] {
  const seen = new Set<string>();
  for (const draft of drafts) {
    const name = draft.name.replace(/[^\w-]/g, "-");
    let own = name;
    for (let count = 2; seen.has(own); count++) own = `${name}-${count}`;
    seen.add(own);
    draft.name = own;
  }
  return drafts;
}
