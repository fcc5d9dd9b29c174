import { TidegateError } from '../../../errors.ts';
import { positiveInteger } from '../../../options.ts';
import type { AudioFrameOptions } from '../options.ts';

/** Statistics of one stretch of sound. */
export interface SoundWindow {
  readonly index: number;
  /** First PCM frame in it. */
  readonly start: number;
  /** PCM frames in it: fewer than asked for at the end of the sound. */
  readonly count: number;
  /** Root of the mean square; full scale is 1. */
  readonly rms: number;
  /** Largest magnitude. */
  readonly peak: number;
  /** Changes of sign per frame. */
  readonly zeroCrossingRate: number;
}

interface OpenWindow {
  readonly start: number;
  sum: number;
  peak: number;
  crossings: number;
  /** 1 if the last value was negative. */
  sign: number | undefined;
}

/** Windows that are open at once: with a small `hop` each value counts in `size / hop` of them. */
const MAX_OPEN_WINDOWS = 65_536;
/** As in librosa: what is not further from zero than this has no sign of its own. */
const ZERO = 1e-10;

/**
 * Cuts mono sound into windows of `size` frames, one every `hop`, and measures each:
 * `rms` = root of the mean square, `peak` = largest magnitude, `zeroCrossingRate` = changes of sign / frames.
 * A window starts at each multiple of `hop` before the end; the last ones are measured by their real length.
 * Holds no sound: a few numbers per open window.
 */
export class SoundWindows {
  readonly #size: number;
  readonly #hop: number;
  #open: OpenWindow[] = [];
  #position = 0;
  #nextStart = 0;
  #index = 0;

  constructor(options: AudioFrameOptions) {
    this.#size = positiveInteger('frames.size', options.size);
    this.#hop = positiveInteger('frames.hop', options.hop ?? options.size);
    if (this.#size / this.#hop <= MAX_OPEN_WINDOWS) return;
    const message = `Cannot use option frames.hop: ${this.#hop} would keep more than ${MAX_OPEN_WINDOWS} windows open`;
    throw new TidegateError('ERR_OPTION', message, { option: 'frames.hop' });
  }

  /** Takes the next `count` values; yields each window as it is full. */
  *push(mono: Float64Array, count: number): Generator<SoundWindow> {
    const base = this.#position;
    const end = base + count;
    while (this.#position < end) {
      if (this.#nextStart === this.#position) this.#start();
      const first = this.#open[0];
      const nextEvent = Math.min(end, this.#nextStart, first ? first.start + this.#size : end);
      for (const window of this.#open) accumulate(window, mono, this.#position - base, nextEvent - base);
      this.#position = nextEvent;
      if (first && first.start + this.#size === nextEvent) {
        this.#open.shift();
        yield this.#measure(first, this.#size);
      }
    }
  }

  /** The windows that the end of the sound cut short. */
  *end(): Generator<SoundWindow> {
    for (const window of this.#open) yield this.#measure(window, this.#position - window.start);
    this.#open = [];
  }

  #start(): void {
    this.#open.push({ start: this.#position, sum: 0, peak: 0, crossings: 0, sign: undefined });
    this.#nextStart += this.#hop;
  }

  #measure({ start, sum, peak, crossings }: OpenWindow, count: number): SoundWindow {
    return {
      index: this.#index++,
      start,
      count,
      rms: Math.sqrt(sum / count),
      peak,
      zeroCrossingRate: crossings / count,
    };
  }
}

/** The loop that runs per sample: local variables only, and no branch that noise makes unpredictable. */
function accumulate(window: OpenWindow, mono: Float64Array, from: number, to: number): void {
  if (from >= to) return;
  let { sum, peak, crossings } = window;
  let sign = window.sign ?? (mono[from]! < -ZERO ? 1 : 0);
  for (let i = from; i < to; i++) {
    const value = mono[i]!;
    sum += value * value;
    const magnitude = Math.abs(value);
    if (magnitude > peak) peak = magnitude;
    const next = value < -ZERO ? 1 : 0;
    crossings += sign ^ next;
    sign = next;
  }
  window.sum = sum;
  window.peak = peak;
  window.crossings = crossings;
  window.sign = sign;
}
