/** oauth2-proxy, as go.mod and go.sum pin it. */
import { join } from "node:path";
import { goProgram } from "../../stack/fetch/go-module.ts";
import { root } from "../../tools/root.ts";

/** The binary's path. Throws when there is no Go. */
export const oauth2Proxy = () =>
  goProgram({
    name: "oauth2-proxy",
    version: "7.15.4",
    module: "github.com/oauth2-proxy/oauth2-proxy/v7",
    folder: join(root, "test/oauth2-proxy"),
  });
