import type { ExtractionRecord } from '../../records.ts';
import { FailureWatch } from '../failures/failure.ts';
import type { Found } from '../find/found.ts';
import { type ExtractFileOptions, extractFile } from './extract-file.ts';
import type { Lane, Part } from './lane.ts';
import { batchBytes } from './record-bytes.ts';

/** Batches of records, each of one input, read in this thread. */
export class RecordLane implements Lane<readonly ExtractionRecord[]> {
  readonly #options: ExtractFileOptions;

  constructor(options: ExtractFileOptions) {
    this.#options = options;
  }

  async *extract(found: Found, signal: AbortSignal): AsyncGenerator<Part<readonly ExtractionRecord[]>, void, void> {
    const watch = new FailureWatch();
    for await (const value of extractFile(found, { ...this.#options, signal })) {
      yield { value, weightBytes: batchBytes(value), failure: watch.see(value) };
    }
  }

  async close(): Promise<void> {}
}
