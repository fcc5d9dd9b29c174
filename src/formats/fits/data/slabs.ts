import { INLINE_ELEMENTS } from '../../../json-value.ts';
import { positiveInteger } from '../../../options.ts';
import { MiB } from '../../../units.ts';
import type { PixelOptions } from '../options.ts';

const SLAB_BYTES = 4 * MiB;
const MOST_PIXELS = 2 ** 40;

/**
 * Pixels per slab: as many whole rows (NAXIS1) as 4 MiB hold, part of a row where it is longer. With values, whole
 * rows up to 1,024 pixels: a record carries no more.
 */
export function slabPixelCount(axes: readonly number[], bitpix: number, options: PixelOptions): number {
  const most = options.values === true ? INLINE_ELEMENTS : Math.floor(SLAB_BYTES / (Math.abs(bitpix) / 8));
  const asked = options.slabPixels === undefined ? most : positiveInteger('pixels.slabPixels', options.slabPixels);
  const wanted = Math.min(asked, MOST_PIXELS);
  if (options.slabPixels !== undefined) return options.values === true ? Math.min(wanted, most) : wanted;
  const row = axes[0] ?? 1;
  return row === 0 || row > wanted ? wanted : row * Math.floor(wanted / row);
}

/** `true` if a selection is on and takes in HDU `index`. */
export function isSelected(
  option: boolean | { readonly hdus?: readonly number[] | undefined } | undefined,
  index: number,
): boolean {
  if (option === undefined || option === false) return false;
  return option === true || option.hdus === undefined || option.hdus.includes(index);
}
