const RANDOM_COUNT = 10_000;
const ZERO_VALUE = -2147483646;

let randoms: Float32Array | undefined;

/** The fixed sequence of FITS 4.0 appendix I: 10,000 numbers of the generator of Park and Miller, seed 1. */
function randomSequence(): Float32Array {
  if (randoms !== undefined) return randoms;
  randoms = new Float32Array(RANDOM_COUNT);
  let seed = 1;
  for (let i = 0; i < RANDOM_COUNT; i++) {
    seed = (16807 * seed) % 2147483647;
    randoms[i] = seed / 2147483647;
  }
  return randoms;
}

/** What makes floating-point pixels of the integers of a tile. */
export interface Quantizing {
  readonly scale: number;
  readonly zero: number;
  /** The integer that stands for NaN. */
  readonly blank: number | undefined;
  /** ZQUANTIZ: NO_DITHER, SUBTRACTIVE_DITHER_1 or SUBTRACTIVE_DITHER_2. */
  readonly method: string;
  /** ZDITHER0. */
  readonly seed: number;
}

/** Undoes the quantisation of tile `index` (FITS 4.0 section 10.2) into `out`. */
export function dequantize(
  values: Int32Array,
  out: Float32Array | Float64Array,
  quantizing: Quantizing,
  index: number,
): void {
  const { scale, zero, method } = quantizing;
  const blank = quantizing.blank ?? Number.NaN;
  if (!method.startsWith('SUBTRACTIVE_DITHER')) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      out[i] = value === blank ? Number.NaN : value * scale + zero;
    }
    return;
  }
  const sequence = randomSequence();
  const keepsZeros = method === 'SUBTRACTIVE_DITHER_2';
  let row = (((index + quantizing.seed - 1) % RANDOM_COUNT) + RANDOM_COUNT) % RANDOM_COUNT;
  let next = Math.trunc(sequence[row]! * 500);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === blank) out[i] = Number.NaN;
    else if (keepsZeros && value === ZERO_VALUE) out[i] = 0;
    else out[i] = (value - sequence[next]! + 0.5) * scale + zero;
    if (++next === RANDOM_COUNT) {
      row = row + 1 === RANDOM_COUNT ? 0 : row + 1;
      next = Math.trunc(sequence[row]! * 500);
    }
  }
}
