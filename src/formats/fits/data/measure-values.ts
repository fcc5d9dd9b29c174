import { Moments } from './moments.ts';
import type { TypedArray } from './typed.ts';

/** Moments of values; NaN, those marked in `nulls`, and those that equal `blank` do not count. */
export function measureValues(values: TypedArray, nulls?: Uint8Array | undefined, blank?: bigint | undefined): Moments {
  const moments = new Moments();
  if (values instanceof BigInt64Array || values instanceof BigUint64Array)
    measureBigints(values, nulls, blank, moments);
  else measureNumbers(values, nulls, blank === undefined ? Number.NaN : Number(blank), moments);
  return moments;
}

/** Sums of (value - pivot): the first value is near enough to the mean to keep the digits of the variance. */
function measureNumbers(
  values: Exclude<TypedArray, BigInt64Array | BigUint64Array>,
  nulls: Uint8Array | undefined,
  blank: number,
  moments: Moments,
): void {
  const pivot = Number.isFinite(values[0]) ? values[0]! : 0;
  let validCount = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value) || value === blank || (nulls !== undefined && nulls[i] === 1)) continue;
    validCount++;
    if (value < min) min = value;
    if (value > max) max = value;
    const distance = value - pivot;
    sum += distance;
    squares += distance * distance;
  }
  moments.add(validCount, min, max, pivot + sum / validCount, squares - (sum * sum) / validCount);
}

function measureBigints(
  values: BigInt64Array | BigUint64Array,
  nulls: Uint8Array | undefined,
  blank: bigint | undefined,
  moments: Moments,
): void {
  const pivot = Number(values[0] ?? 0n);
  let validCount = 0;
  let min: bigint | undefined;
  let max: bigint | undefined;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    if (nulls !== undefined && nulls[i] === 1) continue;
    const value = values[i]!;
    if (value === blank) continue;
    validCount++;
    if (min === undefined || value < min) min = value;
    if (max === undefined || value > max) max = value;
    const distance = Number(value) - pivot;
    sum += distance;
    squares += distance * distance;
  }
  moments.add(validCount, min ?? 0n, max ?? 0n, pivot + sum / validCount, squares - (sum * sum) / validCount);
}
