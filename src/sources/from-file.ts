import type { Observable } from 'rxjs';
import type { Chunk } from '../bytes/chunk.ts';
import { ChunkSizer } from '../bytes/chunk-sizer.ts';
import { type Input, isPromise } from '../bytes/input.ts';
import { type InputSource, type OpenInputOptions, openInput } from '../bytes/open-input.ts';
import { fromPull } from '../flow/from-pull.ts';
import type { Lender } from '../memory/lender.ts';
import { strategyOf } from '../memory/strategy.ts';
import { nonNegativeInteger, positiveInteger } from '../options.ts';
import { labelOf } from './label.ts';

/** Options for {@link fromFile}. */
export interface FromFileOptions extends OpenInputOptions {
  /**
   * Bytes per chunk; the last one may be shorter. `auto`: 256 KiB to 1 MiB, as throughput and
   * memory pressure want it. @defaultValue that of the strategy: 256 KiB
   */
  readonly chunkBytes?: number | 'auto' | undefined;
  /** First byte. @defaultValue 0 */
  readonly offset?: number | undefined;
  /** Bytes in all. @defaultValue up to the end */
  readonly lengthBytes?: number | undefined;
  /** Each chunk takes its bytes from this budget until it is released. @defaultValue none */
  readonly budget?: Lender | undefined;
}

/**
 * The bytes of an input, chunk by chunk, in memory that is used again: release each chunk when you are done with it.
 *
 * - Emits: chunks of `chunkBytes`, in order.
 * - Waits: before every chunk while a gate behind it is shut; for bytes of the `budget`.
 * - Holds: one chunk, and the reads ahead of the strategy: one, at most 16.
 * - Fails: `ERR_INPUT_OPEN`, `ERR_INPUT_READ`, `ERR_INPUT_CHANGED`, `ERR_OPTION`.
 *
 * @example
 * ```ts
 * const hash = createHash('sha256');
 * await drain(fromFile('big.bin'), (chunk) => {
 *   hash.update(chunk.bytes);
 *   chunk.release();
 * });
 * ```
 */
export function fromFile(source: InputSource, options: FromFileOptions = {}): Observable<Chunk> {
  const { chunkBytes } = options;
  if (chunkBytes !== undefined && chunkBytes !== 'auto') positiveInteger('chunkBytes', chunkBytes);
  strategyOf(options.strategy);
  const offset = nonNegativeInteger('offset', options.offset ?? 0);
  const end = offset + nonNegativeInteger('lengthBytes', options.lengthBytes ?? Number.POSITIVE_INFINITY);
  const range = { offset, end, chunkBytes };
  const discard = (chunk: Chunk) => chunk.release();
  return fromPull((signal) => chunks(source, range, options, signal), { label: `file ${labelOf(source)}`, discard });
}

interface Range {
  readonly offset: number;
  readonly end: number;
  readonly chunkBytes: number | 'auto' | undefined;
}

async function* chunks(
  source: InputSource,
  range: Range,
  options: FromFileOptions,
  signal: AbortSignal,
): AsyncGenerator<Chunk, void, void> {
  const opening = openInput(source, options);
  const input = isPromise(opening) ? await opening : opening;
  try {
    const size = chunkSize(range.chunkBytes ?? strategyOf(options.strategy, input.sizeBytes).chunkBytes);
    for (let { offset } = range; offset < range.end; ) {
      const beganMs = performance.now();
      const lengthBytes = Math.min(size.chunkBytes, range.end - offset);
      const chunk = await readWithin(input, offset, lengthBytes, options.budget, signal);
      if (chunk.bytes.length === 0) {
        chunk.release();
        return;
      }
      const { length } = chunk.bytes; // after the yield it may be gone
      offset += length;
      yield chunk;
      size.measured?.(length, performance.now() - beganMs);
    }
  } finally {
    await input.close();
  }
}

/** One that stays, or one that follows what it hears of each chunk. */
function chunkSize(chunkBytes: number | 'auto'): Pick<ChunkSizer, 'chunkBytes'> & Partial<ChunkSizer> {
  return chunkBytes === 'auto' ? new ChunkSizer() : { chunkBytes };
}

async function readWithin(
  input: Input,
  offset: number,
  lengthBytes: number,
  budget: Lender | undefined,
  signal: AbortSignal,
): Promise<Chunk> {
  if (budget === undefined) return input.read(offset, lengthBytes, signal);
  const lease = await budget.acquire(lengthBytes, { signal, owner: input.name });
  try {
    const chunk = await input.read(offset, lengthBytes, signal);
    const release = () => {
      chunk.release();
      lease.release();
    };
    return { bytes: chunk.bytes, offset, release };
  } catch (error) {
    lease.release();
    throw error;
  }
}
