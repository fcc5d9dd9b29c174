import type { Barrier, Emitter } from './emission.ts';
import { warnOnce } from './warn.ts';

/** Items emitted and not accounted for by any gate, above which somebody in between must be holding them. */
const LAG_ITEMS = 10_000;
const CHECK_EVERY = 1024;

/** What a gate counts for the lag. */
interface Counted extends Barrier {
  readonly entered: number;
  readonly enteredUnseen: number;
}

/**
 * Watches for operators that hold items without a bound. A filter drops items too; but what it lets through comes
 * while the source emits. Items that come in while nobody known emits were held in between.
 */
export class Lag {
  emitted = 0;
  checkAt: number = LAG_ITEMS;
  #gate: Counted | undefined;
  #enteredAtStart = 0;
  #unseenAtStart = 0;

  /** Counts against `barrier`, if it is the first and it counts. */
  watch(barrier: Barrier): void {
    if (this.#gate !== undefined || !('enteredUnseen' in barrier)) return;
    this.#gate = barrier as Counted;
    this.#enteredAtStart = this.#gate.entered;
    this.#unseenAtStart = this.#gate.enteredUnseen;
  }

  /** Warns if more has gone in than has come out, and what came out had been held. */
  check(emitter: Emitter): void {
    this.checkAt = this.emitted + CHECK_EVERY;
    const gate = this.#gate;
    if (gate === undefined || gate.feeders.size > 1) return;
    const lag = this.emitted - (gate.entered - this.#enteredAtStart);
    if (lag < LAG_ITEMS || gate.enteredUnseen === this.#unseenAtStart) return;
    this.checkAt = Number.POSITIVE_INFINITY;
    warnOnce(
      `lag ${emitter.label} ${gate.label}`,
      'TIDEGATE_LAG',
      `${lag} items are between ${emitter.label} and ${gate.label}: a stock operator buffers here. ` +
        'Use mergeMap, concatMap, delay or observeOn of tidegate/operators',
    );
  }
}
