import { TidegateError } from '../../errors.ts';
import type { NetcdfOptions } from './options.ts';

/** Which values are wanted, checked. */
export interface SliceChoice {
  /** `undefined`: all. */
  readonly paths: ReadonlySet<string> | undefined;
  readonly hasValues: boolean;
}

/** The choice that these options make; `undefined`: no values. `ERR_OPTION` for a path that is no text. */
export function sliceChoice({ slices }: NetcdfOptions): SliceChoice | undefined {
  if (slices === undefined || slices === false) return undefined;
  if (slices === true) return { paths: undefined, hasValues: false };
  const { path, values = false } = slices;
  if (path === undefined) return { paths: undefined, hasValues: values };
  const paths = typeof path === 'string' ? [path] : path;
  if (!Array.isArray(paths) || !paths.every((one) => typeof one === 'string')) {
    const expected = 'a path or an array of paths';
    throw new TidegateError('ERR_OPTION', `Cannot use option slices.path: expected ${expected}`, {
      option: 'slices.path',
      expected,
    });
  }
  return { paths: new Set(paths.map((one) => (one.startsWith('/') ? one : `/${one}`))), hasValues: values };
}
