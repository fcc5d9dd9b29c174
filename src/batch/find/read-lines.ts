import type { Input } from '../../bytes/input.ts';
import { KiB, MiB } from '../../units.ts';

/** A longer line is no path of a file. */
const MAX_LINE_BYTES = MiB;
const READ_BYTES = 64 * KiB;
const NEWLINE = 0x0a;

/** One line of a text file, without its end; `undefined` stands for one that is longer than 1 MiB. */
export type Line = string | undefined;

/** The lines of an input, front to back. Holds one read (64 KiB) and one line. */
export async function* readLines(input: Input, signal?: AbortSignal): AsyncGenerator<Line, void, void> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let offset = 0;
  const take = (part: Buffer): Line => {
    const isLong = restBytes + part.length > MAX_LINE_BYTES;
    const line = isLong ? undefined : Buffer.concat([...rest, part]).toString();
    rest = [];
    restBytes = 0;
    return line;
  };
  for (;;) {
    const chunk = await input.read(offset, READ_BYTES, signal);
    // A copy: the memory of the chunk is used again.
    const bytes = Buffer.from(chunk.bytes);
    chunk.release();
    if (bytes.length === 0) break;
    offset += bytes.length;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      yield take(bytes.subarray(start, end));
      start = end + 1;
    }
    if (restBytes <= MAX_LINE_BYTES) rest.push(bytes.subarray(start));
    restBytes += bytes.length - start;
  }
  if (restBytes > 0) yield take(Buffer.alloc(0));
}
