import type { Valve } from './emission.ts';
import type { Marks } from './gate.ts';
import type { SizeOf } from './size-of.ts';

/** Options of every run into a sink. */
export interface SinkRunOptions<T> extends Marks {
  /** Values not yet written at which the source waits. @defaultValue 16 for a function, 1,024 for a sink of batches */
  readonly highWaterMark?: number | undefined;
  /** Bytes not yet written at which the source waits. @defaultValue 16 MiB */
  readonly highWaterBytes?: number | undefined;
  /** Bytes of a value. @defaultValue length of buffers and strings, else 0 */
  readonly sizeOf?: SizeOf<T> | undefined;
  /** After an error of the source: write what was accepted (`drain`), or drop it (`discard`). @defaultValue 'drain' */
  readonly onError?: 'drain' | 'discard' | undefined;
  /** Name of the sink in stall reports. @defaultValue `'sink'` */
  readonly label?: string | undefined;
  readonly valve?: Valve | undefined;
}
