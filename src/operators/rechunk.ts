import { concat, defer, EMPTY, map, type Observable, type OperatorFunction, of } from 'rxjs';
import { ChunkSizer } from '../bytes/chunk-sizer.ts';
import { Rechunker } from '../bytes/rechunk.ts';
import { positiveInteger } from '../options.ts';
import { unbatch } from './unbatch.ts';

/**
 * Cuts bytes that come in pieces of any size into chunks of one size; the last one may be shorter. With `'auto'` the
 * size is one between 256 KiB and 1 MiB, found by throughput, and less under memory pressure.
 *
 * - Emits: Buffers of `chunkBytes`: views of the pieces where one lies within a piece, else copies.
 * - Waits: the source waits while a piece is not yet through.
 * - Holds: one piece, and less than one chunk of the pieces before it.
 * - Fails: with the error of the source; what is short of a chunk by then is lost.
 *
 * @example
 * ```ts
 * fromReadable(process.stdin).pipe(rechunk(MiB), mapAsync(upload)).subscribe();
 * ```
 */
export function rechunk(chunkBytes: number | 'auto'): OperatorFunction<Uint8Array, Buffer> {
  if (chunkBytes !== 'auto') positiveInteger('chunkBytes', chunkBytes);
  return (source: Observable<Uint8Array>) =>
    defer(() => {
      const sizer = chunkBytes === 'auto' ? new ChunkSizer() : undefined;
      const rechunker = new Rechunker(sizer?.chunkBytes ?? (chunkBytes as number));
      let beganMs = performance.now();
      /** The time since the last piece is what the whole pipeline took for it. */
      const cut = (piece: Uint8Array) => {
        const chunks = [...rechunker.push(piece)];
        if (sizer === undefined) return chunks;
        const nowMs = performance.now();
        if (chunks.length > 0) sizer.measured(chunks.length * rechunker.chunkBytes, nowMs - beganMs);
        if (chunks.length > 0) beganMs = nowMs;
        rechunker.chunkBytes = sizer.chunkBytes;
        return chunks;
      };
      const whole = source.pipe(map(cut));
      const rest = defer(() => {
        const last = rechunker.flush();
        return last === undefined ? EMPTY : of([last]);
      });
      return concat(whole, rest).pipe(unbatch());
    });
}
