/** Writes lines to Traefik's log. */
import { Bytes } from "../text/bytes";
import { log } from "./imports";

/** The ABI's levels. */
export enum Level {
  Debug = -1,
  Info = 0,
  Warn = 1,
  Error = 2,
}

export function line(level: Level, text: Bytes): void {
  log(level, text.start, text.length);
}
