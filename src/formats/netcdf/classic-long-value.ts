import { type Input, isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { KiB } from '../../units.ts';
import { escapeText } from './cdl-text.ts';
import { cdlNumber } from './cdl-values.ts';
import type { ClassicAttribute } from './classic-model.ts';

/** A multiple of the size of every type. */
const PIECE_BYTES = 64 * KiB;

/** The CDL of a value that is too long to be held: piece by piece, from the input. */
export async function* longValue(
  attribute: ClassicAttribute,
  input: Input,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, void> {
  const pieces = valuePieces(attribute, input, signal);
  if (attribute.type.name === 'char') yield* longText(pieces);
  else yield* longNumbers(attribute, pieces);
}

async function* longText(pieces: AsyncIterable<Buffer>): AsyncGenerator<string, void, void> {
  yield '"';
  let nulCount = 0;
  for await (const piece of pieces) {
    let end = piece.length;
    while (end > 0 && piece[end - 1] === 0) end--;
    if (end > 0) {
      // NULs are shown only if something follows them.
      for (; nulCount > 0; nulCount -= Math.min(nulCount, PIECE_BYTES)) {
        yield '\\000'.repeat(Math.min(nulCount, PIECE_BYTES));
      }
      yield escapeText(piece.toString('latin1', 0, end), true);
    }
    nulCount += piece.length - end;
  }
  yield '"';
}

async function* longNumbers(
  { type }: ClassicAttribute,
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<string, void, void> {
  let separator = '';
  for await (const piece of pieces) {
    let text = '';
    for (let at = 0; at < piece.length; at += type.sizeBytes) {
      text += separator + cdlNumber(type.name, type.read(piece, at));
      separator = ', ';
    }
    yield text;
  }
}

async function* valuePieces(
  { offset, lengthBytes }: ClassicAttribute,
  input: Input,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, void, void> {
  const end = offset + lengthBytes;
  for (let at = offset; at < end; at += PIECE_BYTES) {
    const wantedBytes = Math.min(PIECE_BYTES, end - at);
    const pending = input.read(at, wantedBytes, signal);
    const chunk = isPromise(pending) ? await pending : pending;
    try {
      if (chunk.bytes.length < wantedBytes) throw endsEarly(input.name, at + chunk.bytes.length);
      yield chunk.bytes;
    } finally {
      chunk.release();
    }
  }
}

function endsEarly(file: string, offset: number): TidegateError {
  const message = `Cannot read the value of an attribute: input ends at byte ${offset}`;
  return new TidegateError('ERR_TRUNCATED_INPUT', message, { file, offset });
}
