import { isUnderPressure, PRESSURE_LEVELS, type PressureLevel, underPressure } from '../memory/pressure.ts';
import { oneOf, positiveInteger } from '../options.ts';
import { KiB, MiB } from '../units.ts';

/** Options for {@link ChunkSizer}. */
export interface ChunkSizerOptions {
  /** It never goes below, except under pressure, to a quarter of it. @defaultValue 256 KiB */
  readonly minBytes?: number | undefined;
  /** It never goes above. @defaultValue 1 MiB */
  readonly maxBytes?: number | undefined;
}

/** Chunks that are measured before a size is judged. */
const TRIAL_COUNT = 8;
/** Chunks before other sizes are tried again. */
const REST_COUNT = 256;
/** Another size is better if it moves so much more: less is noise. */
const GAIN = 1.1;

/**
 * How large the next chunk should be: tries sizes between `minBytes` and `maxBytes` by doubling, keeps the smallest
 * that no larger one beats by a tenth, and tries again later; under memory pressure it halves at once.
 */
export class ChunkSizer {
  readonly #minBytes: number;
  readonly #maxBytes: number;
  #chunkBytes: number;
  #pressureShift = 0;
  /** Bytes per ms of the best size so far; 0 while none is judged. */
  #bestRate = 0;
  #isTrial = true;
  #count = 0;
  #sumBytes = 0;
  #sumMs = 0;

  constructor(options: ChunkSizerOptions = {}) {
    this.#minBytes = positiveInteger('minBytes', options.minBytes ?? 256 * KiB);
    this.#maxBytes = Math.max(this.#minBytes, positiveInteger('maxBytes', options.maxBytes ?? MiB));
    this.#chunkBytes = this.#minBytes;
  }

  /** Bytes to read next. */
  get chunkBytes(): number {
    return underPressure(Math.max(1, this.#chunkBytes >> this.#pressureShift), 'shrunk');
  }

  /** A chunk of `lengthBytes` went through the whole pipeline in `elapsedMs`. */
  measured(lengthBytes: number, elapsedMs: number): void {
    if (this.#pressureShift > 0 || isUnderPressure()) return; // sizes that were forced say nothing
    this.#sumBytes += lengthBytes;
    this.#sumMs += elapsedMs;
    if (++this.#count < (this.#isTrial ? TRIAL_COUNT : REST_COUNT)) return;
    const rate = this.#sumBytes / Math.max(this.#sumMs, Number.EPSILON);
    this.#judge(rate);
    this.#count = this.#sumBytes = this.#sumMs = 0;
  }

  #judge(rate: number): void {
    if (!this.#isTrial) {
      // rested long enough: begin again from the smallest
      this.#isTrial = true;
      this.#bestRate = 0;
      this.#chunkBytes = this.#minBytes;
    } else if (rate <= this.#bestRate * GAIN) {
      this.#isTrial = false;
      this.#chunkBytes = Math.max(this.#minBytes, this.#chunkBytes / 2);
    } else if (this.#chunkBytes * 2 <= this.#maxBytes) {
      this.#bestRate = rate;
      this.#chunkBytes *= 2;
    } else this.#isTrial = false;
  }

  /**
   * The memory's level, beside that of the process: `high` halves the chunks, `critical` quarters them, `normal` lets
   * them grow again.
   */
  pressure(level: PressureLevel): void {
    oneOf('level', level, PRESSURE_LEVELS);
    if (level === 'elevated') return; // stays as it is: growing now would only bring the pressure back
    this.#pressureShift = level === 'critical' ? 2 : level === 'high' ? 1 : 0;
  }
}
