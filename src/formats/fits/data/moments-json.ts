import { jsonNumber } from '../../../json-value.ts';
import type { Json } from '../../../records.ts';
import type { Moments } from './moments.ts';
import { physical, type Scaling, scaling } from './scaling.ts';

const UNSCALED = scaling(1, 0, undefined);

/** Moments as they stand in samples, in physical units. Without a valid value there is only their count. */
export function momentsJson(moments: Moments, by: Scaling = UNSCALED): Record<string, Json> {
  const { validCount: valid } = moments;
  if (valid === 0) return { valid, min: null, max: null, mean: null, std: null };
  const [least, greatest] = by.scale < 0 ? [moments.max, moments.min] : [moments.min, moments.max];
  return {
    valid,
    min: jsonNumber(physical(least, by)),
    max: jsonNumber(physical(greatest, by)),
    mean: jsonNumber(Number(physical(moments.mean, by))),
    std: jsonNumber(Math.abs(by.scale) * moments.deviation),
  };
}
