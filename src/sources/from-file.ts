import type { Observable } from 'rxjs';
import type { Chunk } from '../bytes/chunk.ts';
import { type Input, isPromise } from '../bytes/input.ts';
import { type InputSource, type OpenInputOptions, openInput } from '../bytes/open-input.ts';
import { fromPull } from '../flow/from-pull.ts';
import type { Lender } from '../memory/lender.ts';
import { strategyOf } from '../memory/strategy.ts';
import { nonNegativeInteger, positiveInteger } from '../options.ts';
import { labelOf } from './label.ts';

/** Options for {@link fromFile}. */
export interface FromFileOptions extends OpenInputOptions {
  /** Bytes per chunk; the last one may be shorter. @defaultValue that of the strategy: 256 KiB */
  readonly chunkBytes?: number | undefined;
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
  const chunkBytes = options.chunkBytes === undefined ? undefined : positiveInteger('chunkBytes', options.chunkBytes);
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
  readonly chunkBytes: number | undefined;
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
    const chunkBytes = range.chunkBytes ?? strategyOf(options.strategy, input.sizeBytes).chunkBytes;
    for (let { offset } = range; offset < range.end; ) {
      const lengthBytes = Math.min(chunkBytes, range.end - offset);
      const chunk = await readWithin(input, offset, lengthBytes, options.budget, signal);
      if (chunk.bytes.length === 0) {
        chunk.release();
        return;
      }
      offset += chunk.bytes.length;
      yield chunk;
    }
  } finally {
    await input.close();
  }
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
