/**
 * Where the bytes of a sink go: a file that appears when it is whole, a Writable, either behind gzip.
 * `write` is never called again before its promise has settled; after that, the memory of bytes may be used again. `abort` may come at any time, also after an error.
 */
export interface ByteTarget {
  /** For messages: the path, or what kind of stream it is. */
  readonly name: string;
  /** Bytes taken that have not been passed on. */
  readonly bufferedBytes: number;
  start(signal: AbortSignal): void | Promise<void>;
  write(piece: string | Uint8Array): void | Promise<void>;
  /** Makes all of it durable and visible. */
  close(): void | Promise<void>;
  /** Leaves nothing half done. Idempotent, and harmless after `close`. */
  abort(reason: unknown): void | Promise<void>;
}
