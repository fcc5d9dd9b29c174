import { constants, gunzipSync } from 'node:zlib';
import { MiB } from '../../units.ts';
import type { Format, FormatReader } from '../format.ts';
import type { FitsOptions } from './options.ts';

/** FITS, also compressed as a whole (`.fits.gz`) or in tiles (`.fits.fz`). */
export const fitsFormat: Format<FitsOptions> = {
  name: 'fits',
  title: 'FITS 4.0',
  extensions: ['fits', 'fit', 'fts', 'fits.gz', 'fit.gz', 'fts.gz', 'fits.fz', 'fz', 'hdu'],
  mediaTypes: ['image/fits', 'application/fits'],
  likelihood,
  readsGzip: true,
  load: async (): Promise<FormatReader<FitsOptions>> => (await import('./reader.ts')).reader,
};

/** FITS 4.0 section 3.3.1.1: the first 30 bytes of every file are these, give or take blanks before the T. */
function likelihood(head: Buffer): number {
  const plain = head[0] === 0x1f && head[1] === 0x8b ? gunzipHead(head) : head;
  if (plain.length >= 30 && /^SIMPLE {2}= +[TF]/.test(plain.toString('latin1', 0, 30))) return 1;
  return plain.toString('latin1', 0, 9) === 'SIMPLE  =' ? 0.9 : 0;
}

/** What the beginning of a gzip file holds; nothing if it is damaged. */
function gunzipHead(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 8 * MiB });
  } catch {
    return Buffer.alloc(0);
  }
}
