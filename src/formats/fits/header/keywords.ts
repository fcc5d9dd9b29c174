import { TidegateError } from '../../../errors.ts';
import type { Json } from '../../../records.ts';

// What decides how data are laid out and what they mean; a digit at the end is cut off before the look-up.
const STEMS = new Set(
  `SIMPLE XTENSION BITPIX NAXIS PCOUNT GCOUNT GROUPS EXTNAME EXTVER BSCALE BZERO BLANK CHECKSUM DATASUM
   TFIELDS THEAP TTYPE TFORM TBCOL TUNIT TSCAL TZERO TNULL TDIM PTYPE PSCAL PZERO
   ZIMAGE ZTABLE ZCMPTYPE ZBITPIX ZNAXIS ZTILE ZNAME ZVAL ZQUANTIZ ZDITHER ZBLANK ZSCALE ZZERO
   ZFORM ZCTYP ZTILELEN ZTHEAP ZPCOUNT`.split(/\s+/),
);

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** The keywords of one header that say how its data are laid out, each by its first card. */
export class Keywords {
  readonly #values = new Map<string, Json>();
  readonly #offset: number;

  /** `offset`: where in the file the header stands, for errors. */
  constructor(offset: number) {
    this.#offset = offset;
  }

  /** Keeps the value, if it is one that matters and the first under its name. */
  add(keyword: string, value: Json): void {
    let end = keyword.length;
    while (end > 0 && isDigit(keyword.charCodeAt(end - 1))) end--;
    if (STEMS.has(end === keyword.length ? keyword : keyword.slice(0, end)) && !this.#values.has(keyword))
      this.#values.set(keyword, value);
  }

  has(keyword: string): boolean {
    return this.#values.has(keyword);
  }

  /** A string without padding; `undefined` if there is none. */
  text(keyword: string): string | undefined {
    const value = this.#values.get(keyword);
    return typeof value === 'string' ? value.trim() : undefined;
  }

  isTrue(keyword: string): boolean {
    return this.#values.get(keyword) === true;
  }

  /** A number; `undefined` if there is none. */
  number(keyword: string): number | undefined {
    const value = this.#values.get(keyword);
    if (typeof value === 'number') return value;
    return typeof value === 'string' && /^[-+]?\d+$/.test(value) ? Number(value) : undefined;
  }

  /** An integer in exact form, also beyond 2^53; `undefined` if there is none. */
  bigint(keyword: string): bigint | undefined {
    const value = this.#values.get(keyword);
    if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
    return typeof value === 'string' && /^[-+]?\d+$/.test(value) ? BigInt(value) : undefined;
  }

  /** An integer from `least` to `most`, `fallback` where it is absent; `ERR_MALFORMED` else. */
  count(keyword: string, least: number, most: number, fallback?: number): number {
    const value = this.number(keyword) ?? (this.has(keyword) ? undefined : fallback);
    if (value !== undefined && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const seen = this.has(keyword) ? `is ${JSON.stringify(this.#values.get(keyword))}` : 'is missing';
    throw this.malformed(`${keyword} ${seen}, expected an integer from ${least} to ${most}`);
  }

  /** The error for a header that contradicts itself or the standard. */
  malformed(what: string): TidegateError {
    return new TidegateError('ERR_MALFORMED', `Cannot read the HDU: ${what}`, { offset: this.#offset });
  }
}
