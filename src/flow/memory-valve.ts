import { positiveNumber } from '../options.ts';
import type { Valve } from './emission.ts';

/** Options for {@link MemoryValve}. */
export interface MemoryValveOptions {
  /** Whether memory is short. Asked before every item, so it has to be cheap: a comparison, not a system call. */
  readonly isOver: () => boolean;
  /** What is in flight; while it is not 0 something will be freed by itself, and no pulse is needed. @defaultValue 0 */
  readonly inFlight?: (() => number) | undefined;
  /** How often it looks again while somebody waits; also the time between two pulses. @defaultValue 20 */
  readonly pulseMs?: number | undefined;
}

/**
 * Holds back the sources of a run while memory is short. It never stops them for good: when memory stays short and
 * nothing is in flight, it lets one item pass now and then. So a process that is over its limit from the start
 * still comes to its end.
 */
export class MemoryValve implements Valve {
  readonly #isOver: () => boolean;
  readonly #inFlight: () => number;
  readonly #pulseMs: number;
  readonly #waiting: Set<() => void> = new Set();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: MemoryValveOptions) {
    this.#isOver = options.isOver;
    this.#inFlight = options.inFlight ?? (() => 0);
    this.#pulseMs = positiveNumber('pulseMs', options.pulseMs ?? 20);
  }

  get isShut(): boolean {
    return this.#isOver();
  }

  whenOpen(callback: () => void): () => void {
    this.#waiting.add(callback);
    this.#timer ??= setInterval(() => this.#look(), this.#pulseMs);
    return () => this.#forget(callback);
  }

  #look(): void {
    if (this.#isOver()) {
      if (this.#inFlight() === 0) this.#releaseOne();
      return;
    }
    // Those who came while it was shut; each of them may shut it again.
    for (let left = this.#waiting.size; left > 0 && !this.#isOver(); left--) this.#releaseOne();
  }

  #releaseOne(): void {
    const callback = this.#waiting.values().next().value;
    if (callback === undefined) return;
    this.#forget(callback);
    callback();
  }

  #forget(callback: () => void): void {
    this.#waiting.delete(callback);
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
