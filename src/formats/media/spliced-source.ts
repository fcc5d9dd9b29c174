import { isPromise } from '../../bytes/input.ts';
import type { ByteSource } from './block-reader.ts';

/** A stretch of a source, or bytes that were made for the occasion. */
export type Splice = { readonly offset: number; readonly lengthBytes: number } | { readonly bytes: Uint8Array };

/**
 * Parts of a source put together as a small file of their own. So music-metadata sees the tags of a movie and
 * not its sample tables, and the tags of an RF64 file as those of a plain RIFF file.
 */
export class SplicedSource implements ByteSource {
  readonly sizeBytes: number;
  readonly #source: ByteSource;
  readonly #parts: readonly { readonly start: number; readonly end: number; readonly splice: Splice }[];

  constructor(source: ByteSource, splices: readonly Splice[]) {
    this.#source = source;
    let start = 0;
    this.#parts = splices.map((splice) => {
      const end = start + ('bytes' in splice ? splice.bytes.length : splice.lengthBytes);
      const part = { start, end, splice };
      start = end;
      return part;
    });
    this.sizeBytes = start;
  }

  readInto(target: Uint8Array, offset: number): number | Promise<number> {
    return this.#fill(target, offset, 0);
  }

  #fill(target: Uint8Array, offset: number, done: number): number | Promise<number> {
    while (done < target.length) {
      const position = offset + done;
      const part = this.#parts.find(({ start, end }) => position >= start && position < end);
      if (!part) break;
      const into = target.subarray(done, done + Math.min(target.length - done, part.end - position));
      if ('bytes' in part.splice) {
        into.set(part.splice.bytes.subarray(position - part.start, position - part.start + into.length));
        done += into.length;
        continue;
      }
      const count = this.#source.readInto(into, part.splice.offset + position - part.start);
      if (isPromise(count)) {
        return count.then((n) => (n < into.length ? done + n : this.#fill(target, offset, done + n)));
      }
      done += count;
      if (count < into.length) break;
    }
    return done;
  }
}
