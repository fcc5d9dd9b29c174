import { openAhead } from '../../bytes/open-ahead.ts';
import type { Lender } from '../../memory/lender.ts';
import type { ExtractionRecord } from '../../records.ts';
import { KiB } from '../../units.ts';
import { FailureWatch } from '../failures/failure.ts';
import type { Found } from '../find/found.ts';
import { type ExtractFileOptions, extractFile, openFound } from './extract-file.ts';
import type { Lane, Part } from './lane.ts';
import { OpenedAhead } from './opened-ahead.ts';
import { batchBytes } from './record-bytes.ts';

/** What finding the format and most headers need. */
const HEAD_BYTES = 64 * KiB;

/** What a {@link RecordLane} opens before its turn. */
export interface AheadOptions {
  /** Inputs, at most. */
  readonly aheadCount: number;
  /** For their first bytes. */
  readonly budget: Lender | undefined;
}

/** Batches of records, each of one input, read in this thread. */
export class RecordLane implements Lane<readonly ExtractionRecord[]> {
  readonly aheadCount: number;
  readonly #options: ExtractFileOptions;
  readonly #budget: Lender | undefined;

  constructor(options: ExtractFileOptions, { aheadCount, budget }: AheadOptions) {
    this.#options = options;
    this.aheadCount = aheadCount;
    this.#budget = budget;
  }

  openAhead(found: Found, signal: AbortSignal): OpenedAhead | undefined {
    // what is not there yet, or comes once, waits for its turn
    if (found.kind === 'issue' || found.kind === 'stdin') return undefined;
    const open = () => openFound(found, { ...this.#options, signal });
    return new OpenedAhead(openAhead(open, { headBytes: HEAD_BYTES, budget: this.#budget, signal }));
  }

  async *extract(
    found: Found,
    signal: AbortSignal,
    ahead?: OpenedAhead,
  ): AsyncGenerator<Part<readonly ExtractionRecord[]>, void, void> {
    const watch = new FailureWatch();
    for await (const value of extractFile(found, { ...this.#options, signal }, ahead)) {
      yield { value, weightBytes: batchBytes(value), failure: watch.see(value) };
    }
  }

  async close(): Promise<void> {}
}
