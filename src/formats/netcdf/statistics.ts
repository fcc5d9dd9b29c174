import { jsonNumber } from '../../json-value.ts';
import type { Json } from '../../records.ts';

/** Arrays that statistics are made of. */
export type Numbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** Count, extremes and moments of numbers; NaNs are counted, and else left out. Parts can be merged. */
export class Statistics {
  /** Numbers that are not NaN. */
  count = 0;
  nanCount = 0;
  min: number = Number.POSITIVE_INFINITY;
  max: number = Number.NEGATIVE_INFINITY;
  mean = 0;
  /** Sum of the squared distances from the mean. */
  #squares = 0;

  /** The statistics of these numbers. */
  static of(numbers: Numbers): Statistics {
    const found = new Statistics();
    // Per element: everything is in locals, sums are of distances from one of the numbers, against cancellation.
    let shift = 0;
    for (let index = 0; index < numbers.length && !Number.isFinite((shift = numbers[index]!)); index++);
    if (!Number.isFinite(shift)) shift = 0;
    let { min, max } = found;
    let sum = 0;
    let squares = 0;
    let count = 0;
    for (let index = 0; index < numbers.length; index++) {
      const value = numbers[index]!;
      const distance = value - shift;
      if (Number.isNaN(value)) continue;
      count++;
      sum += distance;
      squares += distance * distance;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    found.count = count;
    found.nanCount = numbers.length - count;
    found.min = min;
    found.max = max;
    found.mean = count > 0 ? shift + sum / count : 0;
    found.#squares = count > 0 ? Math.max(0, squares - (sum * sum) / count) : 0;
    return found;
  }

  /** Population standard deviation. */
  get std(): number {
    return Math.sqrt(this.#squares / this.count);
  }

  /** Adds the numbers of another part (Chan, Golub and LeVeque 1979). */
  merge(other: Statistics): void {
    this.nanCount += other.nanCount;
    if (other.count === 0) return;
    const count = this.count + other.count;
    const distance = other.mean - this.mean;
    this.#squares += other.#squares + (distance * distance * this.count * other.count) / count;
    this.mean += (distance * other.count) / count;
    this.count = count;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
  }

  /** For a record. `show` writes a number of the same kind as the values (a time, say). */
  toJson(show: (value: number) => Json = jsonNumber): Json {
    const { count, nanCount } = this;
    if (count === 0) return { count, nanCount, min: null, max: null, mean: null, std: null };
    const { min, max, mean, std } = this;
    return { count, nanCount, min: show(min), max: show(max), mean: show(mean), std: jsonNumber(std) };
  }
}
