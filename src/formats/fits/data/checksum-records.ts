import type { Recorder } from '../../recorder.ts';
import type { Hdu } from '../hdu.ts';

/** `true` if the header has something to verify; a keyword without characters in it is none (appendix J). */
export function hasChecksum({ keywords }: Hdu): boolean {
  return [keywords.text('CHECKSUM'), keywords.text('DATASUM')].some((text) => text !== undefined && text !== '');
}

/** The verdicts as fields `hdu[0]/checksum/DATASUM`, and an error for each that is `false`. */
export function checksumRecords(hdu: Hdu, dataSum: number, hduSum: number, out: Recorder): void {
  const { keywords } = hdu;
  const datasum = keywords.text('DATASUM') ?? keywords.number('DATASUM')?.toString();
  if (datasum !== undefined && datasum !== '') {
    verdict(hdu, 'DATASUM', Number.parseFloat(datasum) === dataSum, `${dataSum}, not ${datasum}`, out);
  }
  const checksum = keywords.text('CHECKSUM');
  if (checksum !== undefined && checksum !== '') {
    // All ones is zero in ones' complement
    verdict(hdu, 'CHECKSUM', hduSum === 0xffffffff || hduSum === 0, `${hduSum}, not 0`, out);
  }
}

function verdict(hdu: Hdu, name: string, value: boolean, seen: string, out: Recorder): void {
  out.field({ path: `${hdu.path}/checksum/${name}`, key: name, name, dtype: 'bool', value });
  if (value) return;
  const message = `Cannot confirm ${name} of ${hdu.path}: the bytes add up to ${seen}`;
  out.issue({ code: 'ERR_CHECKSUM', severity: 'error', message, offset: hdu.headerOffset, path: hdu.path });
}
