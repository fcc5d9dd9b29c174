import type { Plugin } from './plugins.ts';

/** What the worker is started with. */
export interface WorkerStart {
  /** `Int32Array`: [0] is 1 when an answer to a read is there, [1] its byte count, -1 if the read failed. */
  readonly control: SharedArrayBuffer;
  /** Bytes of the input, as answer to a read. */
  readonly window: SharedArrayBuffer;
  readonly sizeBytes: number;
  /** The WebAssembly memory is refused to grow beyond. */
  readonly memoryBytes: number;
}

/** To the worker: read a block of elements. */
export interface ReadRequest {
  readonly path: string;
  readonly start: readonly number[];
  readonly shape: readonly number[];
  /** Bytes that the block must have. */
  readonly lengthBytes: number;
  /** Filters that the library has to be given first. */
  readonly plugins: readonly Plugin[];
}

/** From the worker. */
export type WorkerMessage =
  /** It needs bytes of the input in the window, and waits. */
  | { readonly kind: 'need'; readonly offset: number; readonly lengthBytes: number }
  | { readonly kind: 'done'; readonly bytes: Uint8Array; readonly heapBytes: number }
  | { readonly kind: 'failed'; readonly message: string }
  /** The package cannot be loaded. */
  | { readonly kind: 'missing'; readonly message: string };

/** Bytes of the window, and of what is read at least. */
export const WINDOW_BYTES: number = 64 * 1024;
