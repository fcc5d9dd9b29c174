import type { Chunk } from './chunk.ts';

/**
 * Where bytes come from: a file, a Buffer, a Blob, an HTTP server, a pipe. A format reads through this and
 * nothing else, so that the same reader gives the same records over each of them.
 */
export interface Input {
  /** The input as given, normalised to a URI or path: the `file` of every record. */
  readonly name: string;
  /** The path of the local file that it is, where it is one: other programs can open it. */
  readonly localPath?: string | undefined;
  /** The input whose packed bytes these are, unpacked on the way. */
  readonly packed?: Input | undefined;
  /** Size in bytes; `undefined` while unknown (a pipe before its end). */
  readonly sizeBytes: number | undefined;
  /** Last modification, ISO 8601 in UTC, where it is known. */
  readonly mtime: string | undefined;
  /** `false`: offsets must not go back further than what the input still holds (`ERR_NOT_SEEKABLE`). */
  readonly isSeekable: boolean;
  /** Bytes read from the source so far, those skipped over by a seek not counted. */
  readonly bytesRead: number;
  /**
   * Reads `lengthBytes` at `offset`. Fewer bytes come only where the input ends; none at or beyond its end.
   * The answer is a plain value where nothing has to be waited for (memory, synchronous files): check with
   * {@link isPromise} before `await`, it makes small reads several times cheaper.
   * Caller releases the chunk. At most two reads may be in flight.
   */
  read(offset: number, lengthBytes: number, signal?: AbortSignal): Chunk | Promise<Chunk>;
  /** Frees descriptor, socket and memory. Idempotent. */
  close(): void | Promise<void>;
}

/** `true` if `value` has to be awaited. */
export function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<T>).then === 'function';
}
