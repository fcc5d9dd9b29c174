import { jsonNumber } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import type { NumberArray } from '../hdf5/statistics.ts';
import { CfTime } from './cf-time.ts';

/** Looks an attribute of a variable up. */
export interface CfAttributes {
  numbers(name: string): readonly number[] | undefined;
  text(name: string): string | undefined;
}

/** What the NetCDF library writes where nothing was written; for bytes it is not taken for missing (NUG, B). */
const DEFAULT_FILL: ReadonlyMap<string, number> = new Map([
  ['short', -32767],
  ['int', -2147483647],
  ['float', 9.969209968386869e36],
  ['double', 9.969209968386869e36],
  ['ushort', 65535],
  ['uint', 4294967295],
  // Rounded to a double, as the values are.
  ['int64', -(2 ** 63)],
  ['uint64', 2 ** 64],
]);

/** Decodes packed numbers by the CF conventions (sections 2.5.1, 4.4, 8.1). Missing ones become NaN. */
export class CfDecoder {
  readonly #missing: readonly number[];
  readonly #validMin: number;
  readonly #validMax: number;
  readonly #scale: number;
  readonly #offset: number;
  readonly #isUnsigned: boolean;
  readonly #time: CfTime | undefined;

  constructor(type: string, attributes: CfAttributes) {
    const fill = attributes.numbers('_FillValue') ?? [DEFAULT_FILL.get(type) ?? Number.NaN];
    this.#missing = [...fill, ...(attributes.numbers('missing_value') ?? [])].filter((value) => !Number.isNaN(value));
    const range = attributes.numbers('valid_range');
    this.#validMin = attributes.numbers('valid_min')?.[0] ?? range?.[0] ?? Number.NEGATIVE_INFINITY;
    this.#validMax = attributes.numbers('valid_max')?.[0] ?? range?.[1] ?? Number.POSITIVE_INFINITY;
    this.#scale = attributes.numbers('scale_factor')?.[0] ?? 1;
    this.#offset = attributes.numbers('add_offset')?.[0] ?? 0;
    this.#isUnsigned = attributes.text('_Unsigned')?.toLowerCase() === 'true';
    this.#time = CfTime.parse(attributes.text('units') ?? '', attributes.text('calendar'));
  }

  /** The numbers that are meant; NaN where one is missing. */
  decode(packed: NumberArray): Float64Array {
    const raw = this.#isUnsigned ? unsigned(packed) : packed;
    const decoded = new Float64Array(raw.length);
    for (let index = 0; index < raw.length; index++) decoded[index] = this.decodeOne(raw[index]!);
    return decoded;
  }

  /** The number that is meant, NaN if it is missing. */
  decodeOne(packed: number | bigint): number {
    const value = Number(packed);
    const isValid = value >= this.#validMin && value <= this.#validMax && !this.#missing.includes(value);
    return isValid ? value * this.#scale + this.#offset : Number.NaN;
  }

  /** A decoded number for a record: a time is ISO 8601. */
  readonly show = (value: number): Json => this.#time?.toIso(value) ?? jsonNumber(value);

  /** A decoded value for a record: a missing one is `null`. */
  readonly showValue = (value: number): Json => (Number.isNaN(value) ? null : this.show(value));
}

/** NUG, appendix B, `_Unsigned`: the same bits, without a sign. */
function unsigned(packed: NumberArray): NumberArray {
  const { buffer, byteOffset, length } = packed;
  if (packed instanceof Int8Array) return new Uint8Array(buffer, byteOffset, length);
  if (packed instanceof Int16Array) return new Uint16Array(buffer, byteOffset, length);
  if (packed instanceof Int32Array) return new Uint32Array(buffer, byteOffset, length);
  return packed;
}
