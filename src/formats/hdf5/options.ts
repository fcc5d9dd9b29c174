import type { ReadOptions } from '../format.ts';

/** Which elements of datasets become `sample` records, and with what. */
export interface SliceOptions {
  /** Paths of datasets, or of groups with all below them. @defaultValue all datasets */
  readonly path?: string | readonly string[] | undefined;
  /** Also the elements themselves, flat, in C order. @defaultValue false */
  readonly values?: boolean | undefined;
  /** Bytes of a decoded chunk before `ERR_LIMIT`: one chunk is in memory at a time. @defaultValue 256 MiB */
  readonly maxChunkBytes?: number | undefined;
}

/** Limits of the HDF5 library, which decodes what the own reader does not: in a worker, by the package h5wasm. */
export interface FallbackOptions {
  /** For one chunk; then the worker is killed, the dataset is an issue, and the next one gets another. @defaultValue 10,000 */
  readonly timeoutMs?: number | undefined;
  /** WebAssembly memory of the worker, 96 MiB at least. @defaultValue 128 MiB */
  readonly memoryBytes?: number | undefined;
}

/** The one folder into which a file may point. */
export interface ExternalOptions {
  /** Files outside of it are refused, also where a symbolic link within leads to them. */
  readonly root: string;
}

/** Options for reading HDF5. */
export interface Hdf5Options extends ReadOptions {
  /**
   * Reads the elements of datasets: a `sample` for each chunk (for each MiB of a dataset without chunks) with
   * `start`, `shape`, and for numbers `count`, `nanCount`, `min`, `max`, `mean`, `std` (of the population), and the same
   * of all samples so far in `running`. Elements never written come last, as `unwritten`. @defaultValue none
   */
  readonly slices?: true | SliceOptions | undefined;
  /**
   * For the elements of datasets with other filters than deflate, shuffle, fletcher32 and lzf, and of virtual datasets
   * within the file: the HDF5 library, by the package h5wasm, which is loaded on first use. `false`: an issue instead.
   * @defaultValue {}
   */
  readonly fallback?: false | FallbackOptions | undefined;
  /**
   * Follows external links, and reads external data files, into this folder: names are taken next to the input where
   * that is a local file, else in the folder. What a link leads to is read behind the record of the link, under its
   * path, each object once. What is refused is an issue `ERR_INPUT_OPEN`. @defaultValue reported, not followed
   */
  readonly followExternal?: ExternalOptions | undefined;
  /** Bytes of the file's structure kept in memory. @defaultValue 2 MiB */
  readonly cacheBytes?: number | undefined;
  /**
   * An input that can only be read front to back (a pipe) is kept in memory up to this many bytes, then
   * `ERR_NOT_SEEKABLE`: HDF5 has no order that could be read in one pass. @defaultValue 16 MiB
   */
  readonly maxBufferedBytes?: number | undefined;
}
