/**
 * Standard input, whole. As a stream: a pipe whose other end has not written yet is not blocking when Node made it, and
 * a read at once fails with EAGAIN; and a read that blocks would not hear of Ctrl-C.
 */
import { CliError } from "../failure.ts";

let isRead = false;

/** Null: it has more bytes than that. */
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
