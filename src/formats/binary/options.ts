import { oneOf, positiveInteger } from '../../options.ts';
import type { ReadOptions } from '../format.ts';
import { DIGESTS, type DigestName } from './digests.ts';

/** Who judges the first bytes of the input for the field `format/signature`. */
export type SignatureSource =
  /** Our own table: about sixty formats of science, media and archives; synchronous, needs nothing. */
  | 'table'
  /** The optional package `file-type`: about two hundred formats, 20 to 50 us a file. */
  | 'file-type'
  /** Nobody: the field is left out. */
  | 'none';

/** Options of the format `binary`: what to find out about bytes whose format does not matter. */
export interface BinaryOptions extends ReadOptions {
  /**
   * Bytes per `sample` record, each with exact statistics of its bytes; `Infinity` makes one sample of the whole
   * input. Independent of `chunkBytes`, which is the size of a read.
   * @defaultValue no samples
   */
  readonly sampleBytes?: number | undefined;
  /** Adds to each sample how often each of the 256 byte values occurs. @defaultValue false */
  readonly histogram?: boolean | undefined;
  /** Digests of the whole input: a field `format/<name>` each, lower-case hexadecimal. @defaultValue none */
  readonly digests?: readonly DigestName[] | undefined;
  /** Who names the format by its first bytes. @defaultValue 'table' */
  readonly signature?: SignatureSource | undefined;
}

/** {@link BinaryOptions} after their check, with the defaults filled in. */
export interface BinaryPlan {
  readonly chunkBytes: number;
  readonly sampleBytes: number | undefined;
  readonly histogram: boolean;
  readonly digests: readonly DigestName[];
  readonly signature: SignatureSource;
}

/** Checks the options. `ERR_OPTION` names the one that cannot be used. */
export function binaryPlan(options: BinaryOptions): BinaryPlan {
  const { sampleBytes } = options;
  return {
    chunkBytes: positiveInteger('chunkBytes', options.chunkBytes ?? 256 * 1024),
    sampleBytes: sampleBytes === undefined ? undefined : positiveInteger('sampleBytes', sampleBytes),
    histogram: options.histogram ?? false,
    digests: (options.digests ?? []).map((name) => oneOf('digests', name, DIGESTS)),
    signature: oneOf('signature', options.signature ?? 'table', ['table', 'file-type', 'none']),
  };
}
