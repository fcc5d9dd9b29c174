import type { Input } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { formatBytes, KiB } from '../../units.ts';

const CHUNK_BYTES = 256 * KiB;

/**
 * The input itself if it can seek; else all of it, read into memory. HDF5 has no order that could be read in one
 * pass, so a pipe of more than `maxBytes` is `ERR_NOT_SEEKABLE`.
 */
export async function seekableInput(input: Input, maxBytes: number, signal?: AbortSignal): Promise<Input> {
  if (input.isSeekable && input.sizeBytes !== undefined) return input;
  const parts: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const chunk = await input.read(offset, CHUNK_BYTES, signal);
    try {
      if (chunk.bytes.length === 0) break;
      offset += chunk.bytes.length;
      if (offset > maxBytes) refuse(input.name, maxBytes);
      parts.push(Buffer.from(chunk.bytes));
    } finally {
      chunk.release();
    }
  }
  const { MemoryInput } = await import('../../bytes/memory-input.ts');
  return new MemoryInput(Buffer.concat(parts), { name: input.name, mtime: input.mtime });
}

function refuse(file: string, maxBytes: number): never {
  const message =
    `Cannot read HDF5 from a pipe of more than ${formatBytes(maxBytes)} (maxBufferedBytes): ` +
    'its parts point back and forth; give a file, a Blob or a URL';
  throw new TidegateError('ERR_NOT_SEEKABLE', message, { file, limit: 'maxBufferedBytes', limitBytes: maxBytes });
}
