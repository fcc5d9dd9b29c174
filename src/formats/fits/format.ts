import type { Format, FormatReader } from '../format.ts';
import type { FitsOptions } from './options.ts';

/** FITS, also compressed as a whole (`.fits.gz`) or in tiles (`.fits.fz`). */
export const fitsFormat: Format<FitsOptions> = {
  name: 'fits',
  title: 'FITS 4.0',
  extensions: ['fits', 'fit', 'fts', 'fits.gz', 'fit.gz', 'fts.gz', 'fits.fz', 'fz', 'hdu'],
  mediaTypes: ['image/fits', 'application/fits'],
  likelihood,
  load: async (): Promise<FormatReader<FitsOptions>> => (await import('./reader.ts')).reader,
};

/** FITS 4.0 section 3.3.1.1: the first 30 bytes of every file are these, give or take blanks before the T. */
function likelihood(head: Buffer): number {
  if (head.length >= 30 && /^SIMPLE {2}= +[TF]/.test(head.toString('latin1', 0, 30))) return 1;
  if (head.toString('latin1', 0, 9) === 'SIMPLE  =') return 0.9;
  return 0;
}
