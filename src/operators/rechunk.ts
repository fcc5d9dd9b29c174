import { concat, defer, EMPTY, map, type Observable, type OperatorFunction, of } from 'rxjs';
import { Rechunker } from '../bytes/rechunk.ts';
import { positiveInteger } from '../options.ts';
import { unbatch } from './unbatch.ts';

/**
 * Cuts bytes that come in pieces of any size into chunks of one size; the last one may be shorter.
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
export function rechunk(chunkBytes: number): OperatorFunction<Uint8Array, Buffer> {
  positiveInteger('chunkBytes', chunkBytes);
  return (source: Observable<Uint8Array>) =>
    defer(() => {
      const rechunker = new Rechunker(chunkBytes);
      const whole = source.pipe(map((piece) => [...rechunker.push(piece)]));
      const rest = defer(() => {
        const last = rechunker.flush();
        return last === undefined ? EMPTY : of([last]);
      });
      return concat(whole, rest).pipe(unbatch());
    });
}
