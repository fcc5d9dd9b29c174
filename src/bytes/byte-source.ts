/** Bytes that come in order and only once: a pipe, a response body, a decompressor. {@link SequentialInput} reads it. */
export interface ByteSource {
  /** The next bytes, at least one; `undefined` at the end. They are the caller's to keep. Never called twice at once. */
  pull(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Frees what the source holds; a pending `pull` may then settle in any way. Called at most once. */
  close(): void | Promise<void>;
}
