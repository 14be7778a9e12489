/** Recognises what a file is, and reads it. */
import { CliError } from "../failure.ts";
import { SourceFile } from "../source/file.ts";
import { setupOf } from "../source/setup.ts";
import { isAuthelia, fromAuthelia } from "./authelia.ts";
import { type Draft, Source, treeOf } from "./draft.ts";
import { fromNginx, isNginx } from "./nginx.ts";
import { fromOAuth2Proxy, isOAuth2Proxy } from "./oauth2-proxy.ts";
import { OLD_PLUGINS } from "./plugins.ts";
import { plainOf } from "./plain.ts";

export function migrate(file: SourceFile): Draft {
  const { text } = file;
  if (isNginx(text)) return fromNginx(text);
  if (isAuthelia(text)) return fromAuthelia(text);
  if (isOAuth2Proxy(text)) return fromOAuth2Proxy(text);
  const blocks = setupOf([file]).middlewares.flatMap((it) =>
    it.type === "plugin" && it.plugin !== undefined
      ? [{ name: it.plugin, source: new Source(treeOf(plainOf(it.body))) }]
      : [],
  );
  for (const { name, source } of blocks) {
    const old = OLD_PLUGINS.find((it) => it.is(name, source));
    if (old) return old.read(source);
  }
  throw new CliError(
    "not_recognised",
    `${file.name} is nothing that can be migrated`,
    "it may be a configuration of oauth2-proxy, traefik-oidc-auth, traefikoidc, jwt-middleware, Traefik Hub's jwt and oidc, Authelia's access_control, or nginx with auth_request",
  );
}
