import { type Input, isPromise } from '../../bytes/input.ts';
import { MemoryInput } from '../../bytes/memory-input.ts';
import { TidegateError } from '../../errors.ts';
import { formatBytes, KiB } from '../../units.ts';

/**
 * The input itself if it can seek. Else (a pipe) all its bytes, up to `maxBytes`: media files keep what describes
 * them at both ends. A longer pipe is `ERR_NOT_SEEKABLE`, and nothing of it is guessed.
 */
export async function seekable(input: Input, maxBytes: number, signal: AbortSignal | undefined): Promise<Input> {
  if (input.isSeekable && input.sizeBytes !== undefined) return input;
  const parts: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const read = input.read(offset, 256 * KiB, signal);
    const chunk = isPromise(read) ? await read : read;
    const bytes = Buffer.from(chunk.bytes);
    chunk.release();
    if (bytes.length === 0) break;
    parts.push(bytes);
    offset += bytes.length;
    if (offset > maxBytes) {
      const message = `Cannot read ${input.name} from a pipe: media files keep what describes them at both ends, and only ${formatBytes(maxBytes)} may be held (maxPipeBytes); save it to a file first`;
      throw new TidegateError('ERR_NOT_SEEKABLE', message, { file: input.name, offset });
    }
  }
  return new MemoryInput(Buffer.concat(parts), { name: input.name, mtime: input.mtime });
}
