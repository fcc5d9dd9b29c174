import type { Writable } from 'node:stream';
import type { FfmpegOptions } from '../options.ts';

/** How a child process is run. */
export interface ProcessOptions {
  /** The program. */
  readonly path: string;
  /** Its arguments: never joined, never seen by a shell. */
  readonly args: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Wall time before it is ended. @defaultValue Infinity */
  readonly timeoutMs?: number | undefined;
  /** Time that a read waits for a byte before it is ended. @defaultValue 30,000 */
  readonly idleTimeoutMs?: number | undefined;
  /** Writes its standard input; it has none otherwise. */
  readonly feed?: ((stdin: Writable, signal: AbortSignal) => Promise<void>) | undefined;
  /** Each whole line of its standard error. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Counts its resident memory. */
  readonly budget?: FfmpegOptions['budget'];
  /** Its resident memory, once a second; 0 when it is gone. */
  readonly onRssBytes?: ((bytes: number) => void) | undefined;
}
