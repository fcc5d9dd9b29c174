import { setImmediate } from 'node:timers/promises';
import type { Chunk } from '../../bytes/chunk.ts';
import { type Input, isPromise } from '../../bytes/input.ts';

/** Bytes of synchronous reads after which timers and sockets get a turn. */
const TURN_BYTES = 8 * 1024 * 1024;

/** What {@link chunksOf} reads. */
export interface ChunkRange {
  /** The first byte to read. */
  readonly offset: number;
  /** Bytes per read. */
  readonly chunkBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The input from `offset` to its end in chunks, one read ahead of the consumer. A chunk is valid until the next is
 * asked for; it is released here.
 */
export async function* chunksOf(input: Input, range: ChunkRange): AsyncGenerator<Chunk, void, void> {
  let { offset } = range;
  let turnBytes = 0;
  let ahead: Chunk | Promise<Chunk> | undefined = startRead(input, offset, range);
  try {
    while (ahead !== undefined) {
      if (!isPromise(ahead) && turnBytes >= TURN_BYTES) await setImmediate((turnBytes = 0));
      const chunk: Chunk = isPromise(ahead) ? await ahead : ahead;
      offset += chunk.bytes.length;
      turnBytes += chunk.bytes.length;
      ahead = undefined;
      try {
        if (chunk.bytes.length === 0) return;
        // A short read may be the last before a failure: only an empty one is the end.
        if (offset !== input.sizeBytes) ahead = startRead(input, offset, range);
        yield chunk;
      } finally {
        chunk.release();
      }
    }
  } finally {
    if (ahead !== undefined) void release(ahead);
  }
}

function startRead(input: Input, offset: number, range: ChunkRange): Chunk | Promise<Chunk> {
  const read = input.read(offset, range.chunkBytes, range.signal);
  // It is awaited in its turn; until then its failure must not count as unhandled.
  if (isPromise(read)) read.catch(() => {});
  return read;
}

async function release(ahead: Chunk | Promise<Chunk>): Promise<void> {
  try {
    (await ahead).release();
  } catch {
    // The consumer has left before this read; nobody is there to learn that it failed.
  }
}
