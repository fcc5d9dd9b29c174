import type { BufferPool } from '../../memory/buffer-pool.ts';

/** Options for inputs over HTTP. */
export interface HttpInputOptions {
  /** Sent with every request, as an `Authorization` for instance. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Silence of the server before a request is given up. @defaultValue 30,000 */
  readonly timeoutMs?: number | undefined;
  /** Further attempts after one that failed and may go well later. @defaultValue 3 */
  readonly retryCount?: number | undefined;
  /** Pause before the first of them; it doubles with each. A `Retry-After` of the server goes first. @defaultValue 250 */
  readonly retryDelayMs?: number | undefined;
  /** Bytes that were read and are kept, so that many small reads are few requests. @defaultValue 4 MiB */
  readonly cacheBytes?: number | undefined;
  /** How far reads may go back on a server that knows no ranges. @defaultValue 64 KiB */
  readonly rewindBytes?: number | undefined;
  /** Name of the input in records. @defaultValue the URL without its credentials */
  readonly name?: string | undefined;
  /** Cancels the opening. */
  readonly signal?: AbortSignal | undefined;
  /** Where the memory comes from. @defaultValue the pool of the process */
  readonly pool?: BufferPool | undefined;
}
