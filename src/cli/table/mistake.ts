/** A mistake in a table, with its place. */
import { CliError } from "../failure.ts";
import { type Place, placeText } from "../source/file.ts";

export function tableError(place: Place, message: string, hint = ""): CliError {
  return new CliError("table_invalid", `${placeText(place)}: ${message}`, hint);
}

/** Runs `work`, and adds the place in the table to its error. */
export function at<T>(place: Place, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw placed(place, error);
  }
}

export async function atAwaited<T>(place: Place | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw place ? placed(place, error) : error;
  }
}

function placed(place: Place, error: unknown): unknown {
  return error instanceof CliError ? tableError(place, error.message, error.hint) : error;
}
