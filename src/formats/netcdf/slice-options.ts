import { TidegateError } from '../../errors.ts';
import { positiveInteger } from '../../options.ts';
import { MiB } from '../../units.ts';
import type { NetcdfOptions } from './options.ts';

/** Which values are wanted, checked. */
export interface SliceChoice {
  /** `undefined`: all. */
  readonly paths: readonly string[] | undefined;
  readonly hasValues: boolean;
  readonly maxChunkBytes: number;
}

/** The choice that these options make; `undefined`: no values. `ERR_OPTION` for what cannot be used. */
export function sliceChoice({ slices }: NetcdfOptions): SliceChoice | undefined {
  if (slices === undefined || slices === false) return undefined;
  const { path, values = false, maxChunkBytes = 256 * MiB } = slices === true ? {} : slices;
  positiveInteger('slices.maxChunkBytes', maxChunkBytes);
  if (path === undefined) return { paths: undefined, hasValues: values, maxChunkBytes };
  const paths = typeof path === 'string' ? [path] : path;
  if (!Array.isArray(paths) || !paths.every((one) => typeof one === 'string')) {
    const expected = 'a path or an array of paths';
    const message = `Cannot use option slices.path: expected ${expected}`;
    throw new TidegateError('ERR_OPTION', message, { option: 'slices.path', expected });
  }
  const absolute = paths.map((one) => (one.startsWith('/') ? one : `/${one}`));
  return { paths: absolute, hasValues: values, maxChunkBytes };
}

/** `true` if the values of this variable are wanted: it is named, or a group above it. */
export function isWanted(choice: SliceChoice, path: string): boolean {
  if (choice.paths === undefined) return true;
  return choice.paths.some((one) => path === one || path.startsWith(one.endsWith('/') ? one : `${one}/`));
}
