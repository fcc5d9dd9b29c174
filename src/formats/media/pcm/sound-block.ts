/** What is known of a window so far. */
export interface OpenWindow {
  /** First PCM frame in it. */
  readonly start: number;
  /** Of the squares. */
  sum: number;
  peak: number;
  crossings: number;
  /** 1 if the last value was negative; `undefined` before the first. */
  sign: number | undefined;
}

/** A block of sound that windows measure parts of. */
export interface SoundBlock {
  /** PCM frames in it. */
  readonly count: number;
  /** Adds the mean of the channels of the frames `from` to `to` to a window; full scale is 1. */
  measure(window: OpenWindow, from: number, to: number): void;
}

/** As in librosa: what is not further from zero than this has no sign of its own. */
const ZERO = 1e-10;

/** A block that was mixed to one channel already. */
export class MonoBlock implements SoundBlock {
  mono: Float64Array;
  count = 0;

  constructor(frames: number) {
    this.mono = new Float64Array(frames);
  }

  measure(window: OpenWindow, from: number, to: number): void {
    if (from < to) measureMono(this.mono, window, from, to);
  }
}

/** A block of 16-bit integers, one or two to a frame: measured as they are, and scaled once for each window. */
export class ShortBlock implements SoundBlock {
  values: Int16Array = new Int16Array(0);
  readonly #channels: 1 | 2;

  constructor(channels: 1 | 2) {
    this.#channels = channels;
  }

  get count(): number {
    return Math.floor(this.values.length / this.#channels);
  }

  measure(window: OpenWindow, from: number, to: number): void {
    if (from < to) measureShorts(this.values, this.#channels, window, from, to);
  }
}

/** The loop that runs per value: local variables only, and no branch that noise makes unpredictable. */
function measureMono(mono: Float64Array, window: OpenWindow, from: number, to: number): void {
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

/**
 * The same for integers: no mix is stored in between, and a change of sign is one in the highest bit. A frame is the
 * sum of two values, of one channel the same one twice.
 */
function measureShorts(values: Int16Array, channels: 1 | 2, window: OpenWindow, from: number, to: number): void {
  const other = channels - 1;
  const end = to * channels;
  const start = from * channels;
  let last = window.sign === undefined ? values[start]! + values[start + other]! : -window.sign;
  let sum = 0;
  let peak = 0;
  let crossings = 0;
  for (let i = start; i < end; i += channels) {
    const value = values[i]! + values[i + other]!;
    const real = +value;
    sum += real * real;
    const magnitude = Math.abs(value);
    if (magnitude > peak) peak = magnitude;
    crossings += (last ^ value) >>> 31;
    last = value;
  }
  // two values of 16 bits, or one twice
  window.sum += sum * 2 ** -32;
  window.peak = Math.max(window.peak, peak * 2 ** -16);
  window.crossings += crossings;
  window.sign = last < 0 ? 1 : 0;
}
