import type { ReadAnyOptions } from '../../formats/read-any.ts';
import type { Failure } from '../failures/failure.ts';
import type { FileName } from '../find/file-name.ts';
import type { Place } from './closing-records.ts';
import type { Summary } from './tally.ts';

/** Options of the readers, as far as they can be sent to a thread. */
export type JobOptions = Omit<ReadAnyOptions, 'signal'>;

/** What a worker is started with. */
export interface JobSetup {
  readonly options: JobOptions;
  /** Its one byte is 1 when files under way should end: a thread that reads synchronously hears no messages. */
  readonly stop: SharedArrayBuffer;
}

/** To a worker: a file to extract, or memory given back. */
export type ToWorker =
  | { readonly kind: 'file'; readonly path: string; readonly name: FileName }
  | { readonly kind: 'memory'; readonly memory: ArrayBuffer };

/** From a worker: whole lines (`memory` moves with them), and the end of the file they belong to. */
export type FromWorker =
  | {
      readonly kind: 'lines';
      readonly memory: ArrayBuffer;
      readonly lengthBytes: number;
      readonly summary: Summary;
      readonly failure: Failure | undefined;
      /** How far the file has come with these lines. */
      readonly place: Place;
    }
  | { readonly kind: 'done' };
