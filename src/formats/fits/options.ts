import type { ReadOptions } from '../format.ts';

/** How the FITS reader reads. */
export interface FitsOptions extends ReadOptions {
  /** Bytes of one header before `ERR_LIMIT`: so many are held at most. @defaultValue 16 MiB */
  readonly maxHeaderBytes?: number | undefined;
}
