import type { Input } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import type { ReadOptions } from '../format.ts';
import type { DataAccess } from './data/access.ts';
import { nativeValues, physicalValues } from './data/pixels.ts';
import { imageScaling, type Scaling } from './data/scaling.ts';
import { slabPixelCount } from './data/slabs.ts';
import type { TypedArray } from './data/typed.ts';
import type { Hdu } from './hdu.ts';
import { openHdu } from './open-hdu.ts';
import type { FitsOptions } from './options.ts';
import { imageTiles } from './tiles/tiles.ts';
import { describeTiling } from './tiles/tiling.ts';
import { freshArray } from './tiles/workspace.ts';

/** Options for {@link readImage}. */
export interface ReadImageOptions extends ReadOptions, Pick<FitsOptions, 'maxHeldBytes' | 'maxHeaderBytes'> {
  /** Index of the HDU. @defaultValue 0 */
  readonly hdu?: number | undefined;
  /** Pixels per slab of an image that is not compressed. @defaultValue whole rows up to 4 MiB */
  readonly slabPixels?: number | undefined;
}

/** Some pixels of an image. */
export interface ImageSlab {
  /** Where its first pixel is, the slowest axis first. */
  readonly start: readonly number[];
  /** Of a tile: its pixels along each axis, the slowest first. `undefined`: a run of pixels in file order. */
  readonly shape: readonly number[] | undefined;
  /**
   * Physical values, the fastest axis first: as stored where BSCALE is 1 and BZERO 0, exact unsigned (of bytes:
   * signed) integers by the convention of FITS 4.0 table 11, else float64 with NaN for BLANK.
   */
  readonly values: TypedArray;
  /** The value that stands for none where `values` are integers. */
  readonly blank: bigint | undefined;
}

/**
 * The pixels of one image, compressed in tiles or not, slab by slab. Holds one slab. `ERR_MALFORMED` if the HDU has
 * no image.
 */
export async function* readImage(input: Input, options: ReadImageOptions = {}): AsyncGenerator<ImageSlab, void, void> {
  const { hdu, access, maxInflateRatio, close } = await openHdu(input, options.hdu ?? 0, options);
  try {
    const tiling = describeTiling(hdu);
    const bitpix = tiling?.bitpix ?? hdu.bitpix;
    const scaling = imageScaling(hdu, bitpix);
    if (tiling !== undefined) {
      for await (const { start, shape, values } of imageTiles(access, hdu, tiling, maxInflateRatio, freshArray)) {
        yield slab(start.toReversed(), shape.toReversed(), values, scaling);
      }
    } else if (hdu.kind === 'image') yield* plainSlabs(hdu, access, scaling, options);
    else
      throw new TidegateError('ERR_MALFORMED', `Cannot read an image: ${hdu.path} is a ${hdu.kind}`, {
        offset: hdu.headerOffset,
      });
  } finally {
    await close();
  }
}

async function* plainSlabs(
  hdu: Hdu,
  access: DataAccess,
  scaling: Scaling,
  options: ReadImageOptions,
): AsyncGenerator<ImageSlab, void, void> {
  const width = Math.abs(hdu.bitpix) / 8;
  const slabBytes = slabPixelCount(hdu.axes, hdu.bitpix, { slabPixels: options.slabPixels }) * width;
  access.expectHoldable(Math.min(slabBytes, hdu.dataBytes), 'a slab');
  for (let offset = 0; offset < hdu.dataBytes; offset += slabBytes) {
    const bytes = Buffer.allocUnsafe(Math.min(slabBytes, hdu.dataBytes - offset));
    await access.readInto(bytes, offset);
    yield slab(placeOfPixel(hdu.axes, offset / width), undefined, nativeValues(bytes, hdu.bitpix), scaling);
  }
}

function slab(
  start: readonly number[],
  shape: readonly number[] | undefined,
  stored: TypedArray,
  scaling: Scaling,
): ImageSlab {
  const values = physicalValues(stored, scaling);
  return { start, shape, values, blank: values === stored ? scaling.blank : undefined };
}

function placeOfPixel(axes: readonly number[], pixel: number): number[] {
  const place: number[] = [];
  for (const axis of axes) {
    place.unshift(pixel % axis);
    pixel = Math.floor(pixel / axis);
  }
  return place;
}
