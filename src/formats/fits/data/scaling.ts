import type { Hdu } from '../hdu.ts';

/** From stored to physical values: zero + scale x stored (FITS 4.0 sections 4.4.2.5 and 7.3.2). */
export interface Scaling {
  readonly scale: number;
  readonly zero: number;
  /** `zero` in exact form where `scale` is 1 and it is an integer. */
  readonly exactZero: bigint | undefined;
  /** The stored integer that stands for no value. */
  readonly blank: bigint | undefined;
}

/** The scaling of an image by BSCALE, BZERO and BLANK (only integers have a BLANK). */
export function imageScaling({ keywords }: Hdu, bitpix: number): Scaling {
  return scaling(
    keywords.number('BSCALE') ?? 1,
    keywords.number('BZERO') ?? 0,
    bitpix > 0 ? (keywords.bigint('BLANK') ?? keywords.bigint('ZBLANK')) : undefined,
  );
}

/** A scaling of these parts. */
export function scaling(scale: number, zero: number, blank: bigint | undefined): Scaling {
  return { scale, zero, exactZero: scale === 1 && Number.isInteger(zero) ? BigInt(zero) : undefined, blank };
}

export function isIdentity({ scale, zero }: Scaling): boolean {
  return scale === 1 && zero === 0;
}

/** The physical value; exact for a bigint where the scaling is. */
export function physical(value: number | bigint, { scale, zero, exactZero }: Scaling): number | bigint {
  if (typeof value === 'bigint') return exactZero === undefined ? zero + scale * Number(value) : value + exactZero;
  return zero + scale * value;
}
