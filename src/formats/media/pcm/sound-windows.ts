import { TidegateError } from '../../../errors.ts';
import { positiveInteger } from '../../../options.ts';
import type { AudioFrameOptions } from '../options.ts';
import type { OpenWindow, SoundBlock } from './sound-block.ts';

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

/** Windows that are open at once: with a small `hop` each value counts in `size / hop` of them. */
const MAX_OPEN_WINDOWS = 65_536;

/**
 * Cuts sound into windows of `size` frames, one every `hop`, and measures each:
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

  /** Takes the next block; yields each window as it is full. */
  *push(block: SoundBlock): Generator<SoundWindow> {
    const base = this.#position;
    const end = base + block.count;
    while (this.#position < end) {
      if (this.#nextStart === this.#position) this.#start();
      const first = this.#open[0];
      const nextEvent = Math.min(end, this.#nextStart, first ? first.start + this.#size : end);
      for (const window of this.#open) block.measure(window, this.#position - base, nextEvent - base);
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
