/**
 * Reads all of standard input, as a stream: a pipe whose other end has not written yet does not
 * block if Node made it, so a synchronous read fails with EAGAIN; and a blocking read would not
 * notice Ctrl-C.
 */
import { CliError } from "../failure.ts";

let isRead = false;

/** Null: it has more bytes than `most`. */
export async function standardInput(most: number): Promise<Buffer | null> {
  if (isRead) {
    throw new CliError(
      "stdin_twice",
      "standard input is named twice, and can be read once",
      "give one of the two as a file",
    );
  }
  isRead = true;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > most) return null;
  }
  return Buffer.concat(chunks);
}
