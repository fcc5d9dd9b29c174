import { latin1 } from '../latin1.ts';

/** Where the text that begins at `start` ends: at the first NUL, or at `end`. */
export function textEnd(bytes: Uint8Array, start: number, end: number): number {
  let stop = start;
  while (stop < end && bytes[stop] !== 0) stop++;
  return stop;
}

/** UTF-8; undecodable bytes become U+FFFD. */
export function decodeText(bytes: Buffer, start: number, end: number): string {
  // Most text is short and ASCII, for which the other way is cheaper.
  let all = 0;
  for (let at = start; at < end; at++) all |= bytes[at]!;
  return all < 0x80 ? latin1(bytes, start, end) : bytes.toString('utf8', start, end);
}
