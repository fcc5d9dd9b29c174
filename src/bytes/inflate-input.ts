import type { BufferPool } from '../memory/buffer-pool.ts';
import { nonNegativeInteger, oneOf, positiveInteger, positiveNumber } from '../options.ts';
import type { DeflateKind } from './deflate-frame.ts';
import { InflateSource } from './inflate-source.ts';
import type { Input } from './input.ts';
import { SequentialInput } from './sequential-input.ts';

/** Options for {@link inflateInput}. */
export interface InflateOptions {
  /** What stands around the deflated bytes. @defaultValue `'gzip'` */
  readonly kind?: DeflateKind | undefined;
  /** First compressed byte (of the gzip or zlib header, where there is one). @defaultValue 0 */
  readonly offset?: number | undefined;
  /** Plain bytes per compressed byte before `ERR_LIMIT`; the first MiB is not judged. @defaultValue 100 */
  readonly maxInflateRatio?: number | undefined;
  /** Plain bytes before `ERR_LIMIT`. @defaultValue Infinity */
  readonly maxInflateBytes?: number | undefined;
  /** How far reads may go back. @defaultValue 64 KiB */
  readonly rewindBytes?: number | undefined;
  /** Where its memory comes from. @defaultValue the pool of the process */
  readonly pool?: BufferPool | undefined;
}

/**
 * The plain bytes of a compressed input, front to back; all members of a gzip input, one after another. What
 * follows the compressed bytes (padding, garbage) is not looked at. Closing it does not close `input`.
 *
 * Holds the rewind window, one compressed piece of 16 KiB and zlib's own state: below 1 MiB however large the input.
 *
 * Fails, after all bytes before the failure were given out, with `ERR_TRUNCATED_INPUT` (the compressed bytes end),
 * `ERR_INFLATE` (zlib cannot go on; `offset` is at most 32 compressed bytes before the place), `ERR_CHECKSUM` (all
 * came out, and differs from what was packed), or `ERR_LIMIT`. To come so close to a damage it inflates the member a
 * second time; where `input` cannot go back that far, up to 16 KiB of compressed bytes before the damage are lost.
 */
export function inflateInput(input: Input, options: InflateOptions = {}): Input {
  const kind = oneOf('kind', options.kind ?? 'gzip', ['gzip', 'zlib', 'deflate-raw']);
  const offset = nonNegativeInteger('offset', options.offset ?? 0);
  const source = new InflateSource(input, kind, offset, {
    maxInflateRatio: positiveNumber('maxInflateRatio', options.maxInflateRatio ?? 100),
    maxInflateBytes: positiveInteger('maxInflateBytes', options.maxInflateBytes ?? Number.POSITIVE_INFINITY),
  });
  const { rewindBytes, pool } = options;
  return new SequentialInput(source, { name: input.name, mtime: input.mtime, packed: input, rewindBytes, pool });
}
