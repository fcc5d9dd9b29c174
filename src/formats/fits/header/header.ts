import { isPromise } from '../../../bytes/input.ts';
import { TidegateError } from '../../../errors.ts';
import type { Window } from '../window.ts';
import { CARD_BYTES } from './card.ts';

/** FITS is made of blocks of this many bytes (FITS 4.0 section 3.1). */
export const BLOCK_BYTES = 2880;

/** The bytes of one header. */
export interface Header {
  /** First byte in the file. */
  readonly offset: number;
  /** First byte behind the header: that of the data. */
  readonly dataOffset: number;
  /** Its blocks, END and padding included. Valid until the window is asked again. */
  readonly pieces: readonly Buffer[];
  /** Bytes of the cards before END. */
  readonly cardsBytes: number;
  /** `false`: the input ended, or what came is no header, before END. */
  readonly hasEnd: boolean;
  /** What there is instead of END. */
  readonly problem: unknown;
}

/**
 * Reads the header at `offset` up to its END card; `undefined` where nothing but the end of the input is there.
 * Its bytes are held, for repeated keywords are numbered from the first one on: at most `maxHeaderBytes`.
 */
export async function readHeader(window: Window, offset: number, maxHeaderBytes: number): Promise<Header | undefined> {
  const pieces: Buffer[] = [];
  for (let at = offset; ; ) {
    const ahead = window.ahead(at, BLOCK_BYTES);
    const bytes = isPromise(ahead) ? await ahead : ahead;
    if (bytes.length === 0 && at === offset) return undefined;
    const { scannedBytes, isEnd, isText } = scan(bytes);
    const behind = at + scannedBytes;
    const cardsBytes = behind - offset;
    if (isEnd) {
      const dataOffset = offset + Math.ceil((cardsBytes + CARD_BYTES) / BLOCK_BYTES) * BLOCK_BYTES;
      pieces.push(bytes.subarray(0, dataOffset - at));
      return { offset, dataOffset, pieces, cardsBytes, hasEnd: true, problem: undefined };
    }
    pieces.push(Buffer.from(bytes.subarray(0, scannedBytes))); // a copy: the window is about to move on
    const problem = !isText
      ? noHeader(behind)
      : bytes.length < BLOCK_BYTES
        ? await noEnd(window, at + bytes.length)
        : cardsBytes >= maxHeaderBytes
          ? tooLong(maxHeaderBytes, behind)
          : undefined;
    if (problem !== undefined) return { offset, dataOffset: behind, pieces, cardsBytes, hasEnd: false, problem };
    at = behind;
  }
}

/** Why the input stops at `offset`: it ends there, or it fails there (a damaged `.gz`, a broken pipe). */
async function noEnd(window: Window, offset: number): Promise<unknown> {
  try {
    await window.some(offset, 1);
  } catch (error) {
    return error;
  }
  const message = `Cannot find END of the header: input ends at byte ${offset}`;
  return new TidegateError('ERR_TRUNCATED_INPUT', message, { offset });
}

function tooLong(maxHeaderBytes: number, offset: number): TidegateError {
  const message = `Cannot read the header: no END within maxHeaderBytes of ${maxHeaderBytes}`;
  return new TidegateError('ERR_LIMIT', message, { offset });
}

function noHeader(offset: number): TidegateError {
  return new TidegateError(
    'ERR_MALFORMED',
    `Cannot read the header: bytes at ${offset} are no text, and no END came before`,
    { offset },
  );
}

/** The cards in whole blocks (of a last, short block: the whole cards) up to END, or up to a card of binary bytes. */
function scan(bytes: Buffer): { scannedBytes: number; isEnd: boolean; isText: boolean } {
  const whole = bytes.length - (bytes.length % (bytes.length < BLOCK_BYTES ? CARD_BYTES : BLOCK_BYTES));
  for (let at = 0; at < whole; at += CARD_BYTES) {
    // 'E' first: one comparison for nearly every card
    if (bytes[at] === 0x45 && bytes.readUInt32BE(at) === 0x454e4420 && bytes.readUInt32BE(at + 4) === 0x20202020) {
      return { scannedBytes: at, isEnd: true, isText: true };
    }
    if (isBinary(bytes, at)) return { scannedBytes: at, isEnd: false, isText: false };
  }
  return { scannedBytes: whole, isEnd: false, isText: true };
}

/** A keyword of bytes below space is data that a header without END runs into. NUL padding is left to pass. */
function isBinary(bytes: Buffer, at: number): boolean {
  let count = 0;
  for (let i = at; i < at + 8; i++) if (bytes[i]! < 9 || bytes[i]! > 126) count++;
  return count >= 4;
}
