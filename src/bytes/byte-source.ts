/** Bytes that come in order and only once: a pipe, a response body, a decompressor. {@link SequentialInput} reads it. */
export interface ByteSource {
  /** The next bytes, valid until the next call; `undefined` at the end. Never called while a call is pending. */
  pull(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Frees what the source holds; a pending `pull` may then settle in any way. Called at most once. */
  close(): void | Promise<void>;
}
