/**
 * `rolegate doctor --preset prefect`: the server, its WebSockets, its pages, and a client's
 * environment.
 */
import { SourceFile } from "../../source/file.ts";
import type { Check } from "../target.ts";
import { looksAtClient } from "./client.ts";
import { looksAtPages } from "./pages.ts";
import { asNobody, asSomebody } from "./server.ts";
import { looksAtSockets } from "./sockets.ts";

export const looksAtPrefect: Check = async (target) => {
  const { preset, clientEnv, token } = target;
  if (preset !== "prefect") return [];
  const found = await asNobody(target);
  const isDown = found.some(({ code }) => code === "prefect_down");
  const isElsewhere = found.some(
    ({ code }) => code === "prefect_prefix" || code === "prefect_page_instead",
  );
  // Further checks would only report the same.
  if (!isDown && !isElsewhere) {
    const own = token === null ? null : await asSomebody(target, token);
    const later = own ?? [];
    found.push(...later);
    if (!later.some(({ code }) => code === "prefect_prefix")) {
      // If the token is refused, WebSockets are tried without it.
      found.push(...(await looksAtSockets(own === null ? { ...target, token: null } : target)));
      if (token !== null && own !== null) {
        const hasPassword = later.some(({ code }) => code === "prefect_password");
        found.push(...(await looksAtPages(target, token, hasPassword)));
      }
    }
  }
  if (clientEnv !== null)
    found.push(...(await looksAtClient(target, (await SourceFile.read(clientEnv)).text)));
  return found;
};
