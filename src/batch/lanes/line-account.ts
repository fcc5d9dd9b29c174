import type { ExtractionRecord } from '../../records.ts';
import { type Failure, FailureWatch } from '../failures/failure.ts';
import { type Summary, Tally } from './tally.ts';

/** What the lines of one piece amount to, file after file. */
export class LineAccount {
  readonly #tally = new Tally();
  #watch = new FailureWatch();
  #failure: Failure | undefined;

  see(batch: readonly ExtractionRecord[]): void {
    this.#tally.see(batch);
    this.#failure = this.#watch.see(batch) ?? this.#failure;
    if (batch.at(-1)?.kind === 'end') this.#watch = new FailureWatch();
  }

  /** Since the last call. */
  take(): { readonly summary: Summary; readonly failure: Failure | undefined } {
    const failure = this.#failure;
    this.#failure = undefined;
    return { summary: this.#tally.take(), failure };
  }
}
