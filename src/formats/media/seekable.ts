import { type Input, isPromise } from '../../bytes/input.ts';
import { MemoryInput } from '../../bytes/memory-input.ts';
import { TidegateError } from '../../errors.ts';
import { formatBytes, KiB } from '../../units.ts';
import { PipedInput } from './piped-input.ts';
import { signatureOf } from './signature.ts';

/** Containers whose sound can be read front to back: their header stands before it. */
const STREAMED: ReadonlySet<string | undefined> = new Set(['wave', 'aiff']);

/**
 * The input itself if it can seek. Else (a pipe) all its bytes, up to `maxBytes`: media files keep what describes
 * them at both ends. Of a longer pipe, WAVE and AIFF are read on as they come; any other is `ERR_NOT_SEEKABLE`.
 */
export async function seekable(input: Input, maxBytes: number, signal: AbortSignal | undefined): Promise<Input> {
  if (input.isSeekable && input.sizeBytes !== undefined) return input;
  const parts: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const read = input.read(offset, Math.min(256 * KiB, maxBytes + 1), signal);
    const chunk = isPromise(read) ? await read : read;
    const bytes = Buffer.from(chunk.bytes);
    chunk.release();
    if (bytes.length === 0) break;
    parts.push(bytes);
    offset += bytes.length;
    if (offset > maxBytes) return longPipe(input, Buffer.concat(parts), maxBytes);
  }
  return new MemoryInput(Buffer.concat(parts), { name: input.name, mtime: input.mtime });
}

function longPipe(input: Input, held: Buffer, maxBytes: number): Input {
  if (STREAMED.has(signatureOf(held.subarray(0, 4 * KiB))?.container)) return new PipedInput(input, held);
  const message = `Cannot read ${input.name} from a pipe: media files keep what describes them at both ends, and only ${formatBytes(maxBytes)} may be held (maxPipeBytes); save it to a file first`;
  throw new TidegateError('ERR_NOT_SEEKABLE', message, { file: input.name, offset: held.length });
}
