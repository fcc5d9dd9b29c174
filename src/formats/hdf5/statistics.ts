import { jsonNumber } from '../../json-value.ts';
import type { Json } from '../../records.ts';

/** Arrays that {@link Statistics} can count. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/**
 * Numbers are counted in parts of this many. V8 may compile a loop while its first run is still under way, and then
 * knows nothing of what stands before and behind it: that code was left and entered again at every call, three times
 * slower in one process of four (bench/netcdf.ts). Short runs end before that happens.
 */
const PART_COUNT = 4096;

type SmallArray = Exclude<NumberArray, BigInt64Array | BigUint64Array>;

/** Count, least, largest, mean, standard deviation (of the population) and NaN count of numbers. */
export class Statistics {
  /** Numbers that are not NaN. */
  count = 0;
  nanCount = 0;
  min: number | bigint = Number.POSITIVE_INFINITY;
  max: number | bigint = Number.NEGATIVE_INFINITY;
  mean = 0;
  /** Sum of the squared distances from the mean. */
  #squares = 0;

  /** The statistics of one array. */
  static of(values: NumberArray): Statistics {
    if (values.length <= PART_COUNT) return Statistics.#ofPart(values);
    const statistics = new Statistics();
    for (let at = 0; at < values.length; at += PART_COUNT) {
      statistics.merge(Statistics.#ofPart(values.subarray(at, at + PART_COUNT)));
    }
    return statistics;
  }

  static #ofPart(values: NumberArray): Statistics {
    const statistics = new Statistics();
    if (values instanceof BigInt64Array || values instanceof BigUint64Array) statistics.#countBig(values);
    else statistics.#count(values);
    return statistics;
  }

  /** The statistics of `count` times the same number. */
  static ofSame(value: number | bigint, count: number): Statistics {
    const statistics = new Statistics();
    if (Number.isNaN(value)) statistics.nanCount = count;
    else if (count > 0) {
      statistics.count = count;
      statistics.min = statistics.max = value;
      statistics.mean = Number(value);
    }
    return statistics;
  }

  /** Adds other numbers by what is known of them (Chan, Golub, LeVeque 1979). */
  merge(other: Statistics): void {
    this.nanCount += other.nanCount;
    if (other.count === 0) return;
    const count = this.count + other.count;
    const distance = other.mean - this.mean;
    if (this.count === 0) {
      this.mean = other.mean;
      this.#squares = other.#squares;
    } else {
      this.#squares += other.#squares + distance * distance * ((this.count / count) * other.count);
      this.mean += distance * (other.count / count);
    }
    this.count = count;
    if (other.min < this.min) this.min = other.min;
    if (other.max > this.max) this.max = other.max;
  }

  /** `min`, `max`, `mean` and `std` are `null` where there is no number. */
  toJson(): { readonly [key: string]: Json } {
    const { count, nanCount } = this;
    if (count === 0) return { count, nanCount, min: null, max: null, mean: null, std: null };
    const { min, max, mean } = this;
    const std = Math.sqrt(this.#squares / count);
    return {
      count,
      nanCount,
      min: jsonNumber(min),
      max: jsonNumber(max),
      mean: jsonNumber(mean),
      std: jsonNumber(std),
    };
  }

  #count(values: SmallArray): void {
    const near = countFrom(values, originOf(values));
    // Distances between the largest doubles overflow where their sum does not.
    const { min, max, sum, squares, nanCount, origin } = Number.isFinite(near.sum) ? near : countFrom(values, 0);
    this.nanCount = nanCount;
    this.count = values.length - nanCount;
    if (this.count === 0) return;
    this.min = min;
    this.max = max;
    this.mean = origin + sum / this.count;
    this.#squares = Math.max(0, squares - (sum * sum) / this.count);
  }

  #countBig(values: BigInt64Array | BigUint64Array): void {
    const { length } = values;
    if (length === 0) return;
    const origin = Number(values[0]!);
    let min = values[0]!;
    let max = min;
    let sum = 0;
    let squares = 0;
    for (let index = 0; index < length; index++) {
      const value = values[index]!;
      if (value < min) min = value;
      if (value > max) max = value;
      const distance = Number(value) - origin;
      sum += distance;
      squares += distance * distance;
    }
    this.count = length;
    this.min = min;
    this.max = max;
    this.mean = origin + sum / length;
    this.#squares = Math.max(0, squares - (sum * sum) / length);
  }
}

/** A number of the data: sums of distances from it lose nothing where the data are far from 0. */
function originOf(values: SmallArray): number {
  for (let index = 0; index < values.length; index++) if (Number.isFinite(values[index]!)) return values[index]!;
  return 0;
}

// All sums in locals: as fields or module variables they would be boxed, several times slower (bench/hdf5.ts).
function countFrom(values: SmallArray, origin: number) {
  const { length } = values;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let squares = 0;
  let nanCount = 0;
  for (let index = 0; index < length; index++) {
    const value = values[index]!;
    if (value < min) min = value;
    if (value > max) max = value;
    const distance = value - origin;
    if (Number.isNaN(distance)) nanCount++;
    else {
      sum += distance;
      squares += distance * distance;
    }
  }
  return { min, max, sum, squares, nanCount, origin };
}
