import type { Chunk } from './chunk.ts';

/** `promise`, or a rejection with the signal's reason as soon as that aborts. What `promise` brings later is dropped. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    const settle = (then: () => void) => {
      signal.removeEventListener('abort', onAbort);
      then();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
  });
}

/** The same for a chunk: one that comes after the abort is released. */
export async function abortableChunk(chunk: Promise<Chunk>, signal: AbortSignal | undefined): Promise<Chunk> {
  try {
    return await abortable(chunk, signal);
  } catch (error) {
    if (signal?.aborted) dropChunk(chunk);
    throw error;
  }
}

/** Releases a chunk that nobody wants any more, as soon as it comes. */
export function dropChunk(chunk: Promise<Chunk>): void {
  chunk.then((late) => late.release()).catch(() => {}); // a failure that nobody waits for is none
}
