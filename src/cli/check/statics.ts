/** Settings of Traefik's static configuration that the plugin needs, to be safe and to be heard. */
import { type Gate, qualified, type Setup } from "../source/model.ts";
import { abortsOnFailure, isRolegateModule, pluginsOf } from "../source/static.ts";
import { checkPlugins } from "./plugins.ts";
import { UNREAD } from "../source/trees.ts";
import { LEAST_TRAEFIK } from "../source/traefik-release.ts";
import { textAt, valueAt } from "../source/tree.ts";
import { finding, type Finding } from "./finding.ts";

/** From the least to the most severe; ERROR is Traefik's default. */
const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "PANIC"];

export function checkStatics(setup: Setup): Finding[] {
  const tooOld = checkReleases(setup);
  if (setup.statics.length === 0) return tooOld;
  return [
    ...tooOld,
    ...setup.statics.flatMap(checkPlugins),
    ...noMiddleware(setup),
    ...setup.statics.flatMap((it) => {
      const [plugin] = pluginsOf(it);
      if (!plugin || abortsOnFailure(it)) return [];
      return [
        finding(
          "abort_missing",
          "Traefik goes on when a plugin cannot be loaded, and drops the routers that use it",
          plugin.keyPlace,
        ),
      ];
    }),
    ...setup.gates.flatMap((gate) => notLoaded(gate, setup)),
    ...hiddenAudit(setup),
  ];
}

/** Only if Rolegate is in these files: otherwise they may be another Traefik's. */
function checkReleases({ gates, statics, releases }: Setup): Finding[] {
  const isHere = gates.length > 0 || statics.some((it) => pluginsOf(it).some(isRolegateModule));
  if (!isHere) return [];
  return releases
    .filter(({ isTooOld }) => isTooOld)
    .map(({ name, place }) => {
      const message = `${name} is a Traefik before ${LEAST_TRAEFIK}, the least that Rolegate runs in`;
      return finding("traefik_too_old", message, place);
    });
}

/** With routers among the files, the one to protect would be there as well. */
function noMiddleware({ gates, statics, routers, remarks }: Setup): Finding[] {
  const [loaded] = statics.flatMap((it) => pluginsOf(it).filter(isRolegateModule));
  // It may be in a part that could not be read.
  const isRead = remarks.every(({ code }) => !UNREAD.includes(code));
  if (gates.length > 0 || !loaded || !isRead) return [];
  const message = `the plugin ${loaded.key} is loaded, and no middleware in these files is of it`;
  const found = finding("middleware_missing", message, loaded.keyPlace);
  return [{ ...found, severity: routers.length > 0 ? "error" : "note" }];
}

function notLoaded(gate: Gate, { statics }: Setup): Finding[] {
  if (gate.provider === "block") return [];
  const loaded = statics.flatMap((it) => pluginsOf(it).map(({ key }) => key.toLowerCase()));
  if (loaded.includes(gate.plugin!.toLowerCase())) return [];
  const message = `the static configuration loads no plugin named ${gate.plugin}`;
  return [finding("plugin_not_loaded", message, gate.place, { middleware: qualified(gate) })];
}

function hiddenAudit({ statics, gates }: Setup): Finding[] {
  const auditing = gates.find(({ body }) => {
    const words = [textAt(body, "audit"), textAt(body, "audit", "decisions")];
    return !words.includes("off");
  });
  if (!auditing) return [];
  return statics.flatMap(({ tree, place }) => {
    // The log's settings are in the file with the plugins; another file may have only providers.
    if (pluginsOf({ tree, place, source: place.file }).length === 0) return [];
    const level = textAt(tree, "log", "level")?.toUpperCase() ?? "ERROR";
    if (LEVELS.indexOf(level) <= LEVELS.indexOf("INFO") && LEVELS.includes(level)) return [];
    const at = valueAt(tree, "log", "level")?.place ?? place;
    const message = `at log.level ${level} none of the audit lines of ${qualified(auditing)} is written`;
    return [finding("log_level", message, at)];
  });
}
