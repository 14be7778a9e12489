/**
 * The shipped plugin's findings about a block: it is loaded with the configuration as Traefik would
 * hand it on.
 */
import { loadGuest } from "../../guest/load.ts";
import { surroundingsOf, type AroundOptions } from "../middleware/surroundings.ts";
import { unknownsIn } from "../source/file.ts";
import { locate } from "../source/locate.ts";
import { type Gate, qualified, type Setup } from "../source/model.ts";
import type { Severity } from "./catalogue-table.ts";
import { finding, type Finding } from "./finding.ts";
import { keyFileFindings } from "./keys.ts";

export interface GuestCheck {
  findings: Finding[];
  /** Descriptions of the values that were made up for it. */
  standIns: string[];
}

export async function checkGate(
  gate: Gate,
  setup: Setup,
  wasm: string,
  options: AroundOptions = {},
): Promise<GuestCheck> {
  const middleware = qualified(gate);
  const around = surroundingsOf(gate, setup, options);
  try {
    const guest = await loadGuest({
      ...{ wasm, config: around.config, mounts: around.mounts, env: around.env },
    });
    const findings: Finding[] = guest.check().logs.flatMap(({ data }) => {
      if (data?.rolegate !== "config") return [];
      const { severity, path, code, column, message } = data as unknown as Line;
      // The file would be in a folder that was made up.
      if (gate.unread && path === "configFile" && code === "unreadable") return [];
      const { place, at } = locate(gate.body, gate.place, path, code, column);
      // The value is unknown here, so the finding would be about its replacement.
      const isOfValue = at.kind === "scalar" && place.start >= at.place.start;
      if (isOfValue && unknownsIn(at.place).length > 0) return [];
      const text = path === "" ? message : `${path}: ${message}`;
      return [{ code, severity, message: text, remedy: "", place, middleware, path }];
    });
    findings.push(...keyFileFindings(gate, guest.startLogs, around.isMade));
    return { findings, standIns: around.standIns };
  } catch (error) {
    const message = `the plugin stopped: ${(error as Error).message}`;
    return { findings: [finding("guest_trap", message, gate.place, { middleware })], standIns: [] };
  } finally {
    around.remove();
  }
}

interface Line {
  severity: Severity;
  path: string;
  code: string;
  column?: number;
  message: string;
}
