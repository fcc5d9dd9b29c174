import { nonNegativeInteger, positiveInteger, positiveNumber } from '../../options.ts';
import { KiB, MiB } from '../../units.ts';
import type { ReadOptions } from '../format.ts';

/** Which HDUs a part of {@link FitsOptions} is for. */
export interface HduSelection {
  /** Indices, 0 = the primary HDU. @defaultValue all */
  readonly hdus?: readonly number[] | undefined;
}

/** What is wanted of images. */
export interface PixelOptions extends HduSelection {
  /** Carry the pixels themselves in the samples, at most 1,024 in each. @defaultValue false */
  readonly values?: boolean | undefined;
  /** Pixels per slab. @defaultValue whole rows up to 4 MiB (with `values` up to 1,024 pixels) */
  readonly slabPixels?: number | undefined;
}

/** What is wanted of tables. */
export interface RowOptions extends HduSelection {
  /** Carry the cells themselves in the samples. @defaultValue false */
  readonly values?: boolean | undefined;
  /** Rows per batch. @defaultValue as many as 1 MiB holds, at most 65,536; with `values` at most 1,024 */
  readonly batchRows?: number | undefined;
  /** Names of the columns. @defaultValue all */
  readonly columns?: readonly string[] | undefined;
}

/** How the FITS reader reads. */
export interface FitsOptions extends ReadOptions {
  /** Reads images: a `sample` per slab with statistics, of tile-compressed images too. @defaultValue false */
  readonly pixels?: boolean | PixelOptions | undefined;
  /** Reads tables and random groups: a `sample` per batch of rows. @defaultValue false */
  readonly rows?: boolean | RowOptions | undefined;
  /** Verifies CHECKSUM and DATASUM where they are, over all bytes of an HDU. @defaultValue false */
  readonly checksum?: boolean | HduSelection | undefined;
  /** Bytes of one header before `ERR_LIMIT`: so many are held at most. @defaultValue 16 MiB */
  readonly maxHeaderBytes?: number | undefined;
  /**
   * Bytes of one HDU that may be held where its data cannot be read in the order they stand in: tables with a heap,
   * and compressed images, on an input that cannot seek. Beyond, `ERR_NOT_SEEKABLE`. @defaultValue 32 MiB
   */
  readonly maxHeldBytes?: number | undefined;
}

/** The numbers among {@link FitsOptions}, with their defaults. */
export interface FitsLimits {
  readonly chunkBytes: number;
  readonly maxHeaderBytes: number;
  readonly maxHeldBytes: number;
  readonly maxInflateRatio: number;
}

/** Checks all options. `ERR_OPTION` for a wrong one. */
export function limitsOf(options: FitsOptions): FitsLimits {
  const { pixels, rows, checksum } = options;
  for (const part of [pixels, rows, checksum]) {
    if (typeof part === 'object') for (const index of part.hdus ?? []) nonNegativeInteger('hdus', index);
  }
  if (typeof pixels === 'object') positiveInteger('pixels.slabPixels', pixels.slabPixels ?? 1);
  if (typeof rows === 'object') positiveInteger('rows.batchRows', rows.batchRows ?? 1);
  return {
    chunkBytes: positiveInteger('chunkBytes', options.chunkBytes ?? 256 * KiB),
    maxHeaderBytes: positiveInteger('maxHeaderBytes', options.maxHeaderBytes ?? 16 * MiB),
    maxHeldBytes: positiveInteger('maxHeldBytes', options.maxHeldBytes ?? 32 * MiB),
    maxInflateRatio: positiveNumber('maxInflateRatio', options.maxInflateRatio ?? 100),
  };
}
