import type { Hdu } from '../hdu.ts';
import type { Keywords } from '../header/keywords.ts';

/** How the pixels of a tile are packed (FITS 4.0 table 36). */
export type Codec = 'RICE_1' | 'GZIP_1' | 'GZIP_2' | 'PLIO_1' | 'HCOMPRESS_1' | 'NOCOMPRESS';

/** How a compressed image is cut into tiles (FITS 4.0 section 10.1). */
export interface Tiling {
  readonly codec: string;
  /** Of the image: ZBITPIX. */
  readonly bitpix: number;
  /** ZNAXISn and ZTILEn, the fastest axis first. */
  readonly axes: readonly number[];
  readonly tileAxes: readonly number[];
  readonly tileCount: number;
  /** ZVALn by ZNAMEn. */
  readonly parameters: ReadonlyMap<string, number>;
  /** How floating-point pixels were made integers: ZQUANTIZ. */
  readonly quantize: string;
  /** ZDITHER0. */
  readonly seed: number;
  /** Where they are keywords, not columns. */
  readonly scale: number | undefined;
  readonly zero: number | undefined;
  readonly blank: number | undefined;
}

const BITPIX = new Set([8, 16, 32, 64, -32, -64]);
const MOST_PARAMETERS = 99;

/** The tiling of an image in a binary table; `undefined` if there is none. `ERR_MALFORMED` if it makes no sense. */
export function describeTiling({ kind, keywords }: Hdu): Tiling | undefined {
  if (kind !== 'bintable' || !keywords.isTrue('ZIMAGE')) return undefined;
  const bitpix = keywords.number('ZBITPIX') ?? 0;
  if (!BITPIX.has(bitpix)) throw keywords.malformed(`ZBITPIX is ${bitpix}`);
  const count = keywords.count('ZNAXIS', 0, 999);
  const axes: number[] = [];
  const tileAxes: number[] = [];
  for (let i = 1; i <= count; i++) {
    axes.push(keywords.count(`ZNAXIS${i}`, 0, Number.MAX_SAFE_INTEGER));
    tileAxes.push(keywords.count(`ZTILE${i}`, 1, Number.MAX_SAFE_INTEGER, i === 1 ? Math.max(1, axes[0]!) : 1));
  }
  const tileCount = count === 0 ? 0 : axes.reduce((product, axis, i) => product * Math.ceil(axis / tileAxes[i]!), 1);
  if (!Number.isSafeInteger(tileCount)) throw keywords.malformed('the tiles are more than 2^53');
  return {
    codec: keywords.text('ZCMPTYPE') ?? '',
    bitpix,
    axes,
    tileAxes,
    tileCount,
    parameters: parametersOf(keywords),
    quantize: keywords.text('ZQUANTIZ') ?? 'NO_DITHER',
    seed: keywords.number('ZDITHER0') ?? 1,
    scale: keywords.number('ZSCALE'),
    zero: keywords.number('ZZERO'),
    blank: keywords.number('ZBLANK') ?? keywords.number('BLANK'),
  };
}

function parametersOf(keywords: Keywords): Map<string, number> {
  const parameters = new Map<string, number>();
  for (let i = 1; i <= MOST_PARAMETERS && keywords.has(`ZNAME${i}`); i++) {
    parameters.set(keywords.text(`ZNAME${i}`) ?? '', keywords.number(`ZVAL${i}`) ?? 0);
  }
  return parameters;
}

/** Where tile `index` begins and how far it goes, the fastest axis first; the last ones along an axis may be cut. */
export function placeOf({ axes, tileAxes }: Tiling, index: number): { start: number[]; shape: number[] } {
  const start: number[] = [];
  const shape: number[] = [];
  for (const [i, axis] of axes.entries()) {
    const alongAxis = Math.ceil(axis / tileAxes[i]!);
    const first = (index % alongAxis) * tileAxes[i]!;
    index = Math.floor(index / alongAxis);
    start.push(first);
    shape.push(Math.min(tileAxes[i]!, axis - first));
  }
  return { start, shape };
}
