import { isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import type { Recorder } from '../recorder.ts';
import { DataReader } from './data/data-reader.ts';
import { describeHdu, type Hdu } from './hdu.ts';
import { hduRecord } from './hdu-records.ts';
import { BLOCK_BYTES, type Header, readHeader } from './header/header.ts';
import { headerRecords } from './header/header-records.ts';
import { surveyHeader } from './header/survey.ts';
import type { FitsLimits, FitsOptions } from './options.ts';
import type { Window } from './window.ts';

const FIRST_KEYWORDS = ['SIMPLE  ', 'XTENSION'] as const;

/** Every HDU of a FITS file, one after the other. */
export async function* readHdus(
  window: Window,
  out: Recorder,
  options: FitsOptions,
  limits: FitsLimits,
): AsyncGenerator<void, void, void> {
  const data = new DataReader(window, out, options, limits);
  for (let index = 0, offset = 0; ; index++) {
    if (!(await isHeaderAt(window, offset, index, out))) return;
    const header = await readHeader(window, offset, limits.maxHeaderBytes);
    if (header === undefined) return;
    const hdu = yield* readOneHeader(header, index, out);
    yield* data.read(hdu, header);
    await expectData(window, hdu, out);
    offset = hdu.endOffset;
    if (out.isFull) yield;
  }
}

/** All that the header says; the error comes last, so that the records before it stand. */
function* readOneHeader(header: Header, index: number, out: Recorder): Generator<void, Hdu, void> {
  const survey = surveyHeader(header);
  const path = `hdu[${index}]`;
  let hdu: Hdu | undefined;
  let problem: unknown = header.problem;
  if (header.hasEnd) {
    try {
      hdu = describeHdu(header, index, survey.keywords);
    } catch (error) {
      problem = error;
    }
  }
  if (hdu !== undefined) hduRecord(hdu, out);
  yield* headerRecords(header, survey, path, out);
  if (survey.hasForeignBytes) {
    const message = `Cannot decode the header of ${path} as ASCII: other bytes are shown as U+FFFD`;
    out.issue({ code: 'ERR_TEXT', severity: 'warning', message, offset: header.offset, path });
  }
  if (hdu === undefined) throw problem;
  return hdu;
}

/** Behind the last HDU nothing should come (section 3.5: special records are deprecated). */
async function isHeaderAt(window: Window, offset: number, index: number, out: Recorder): Promise<boolean> {
  const ahead = window.ahead(offset, BLOCK_BYTES);
  const bytes = isPromise(ahead) ? await ahead : ahead;
  const expected = FIRST_KEYWORDS[index === 0 ? 0 : 1];
  const start = bytes.toString('latin1', 0, 8);
  if (start === expected) return true;
  const isCut = bytes.length < 8 && expected.startsWith(start);
  if (bytes.length === 0 && index > 0) return false;
  if (index > 0 && !isCut) {
    const message = `Cannot read on at byte ${offset}: neither an HDU nor the end of the file`;
    out.issue({ code: 'ERR_MALFORMED', severity: 'warning', message, offset });
    return false;
  }
  if (isCut) {
    const end = offset + bytes.length;
    throw new TidegateError('ERR_TRUNCATED_INPUT', `Cannot read on: the file ends at byte ${end}`, { offset: end });
  }
  throw new TidegateError('ERR_MALFORMED', `Cannot read FITS: it begins with ${JSON.stringify(start)}, not SIMPLE`, {
    offset: 0,
  });
}

/** Looks whether the data are all there, without reading them. Missing padding alone loses nothing. */
async function expectData(window: Window, hdu: Hdu, out: Recorder): Promise<void> {
  const dataEnd = hdu.dataOffset + hdu.dataBytes;
  if (hdu.dataBytes > 0 && !(await hasByte(window, dataEnd - 1))) {
    const seen = window.input.sizeBytes;
    const message = `Cannot read all data of ${hdu.path}: ${hdu.dataBytes} bytes from ${hdu.dataOffset} on, but the file ends${seen === undefined ? '' : ` at byte ${seen}`}`;
    throw new TidegateError('ERR_TRUNCATED_INPUT', message, { offset: seen, neededBytes: hdu.dataBytes });
  }
  if (!(await hasByte(window, hdu.endOffset - 1))) {
    const message = `Cannot find the padding of ${hdu.path}: the file is no multiple of ${BLOCK_BYTES} bytes`;
    out.issue({ code: 'ERR_TRUNCATED_INPUT', severity: 'warning', message, offset: dataEnd, path: hdu.path });
  }
}

async function hasByte(window: Window, offset: number): Promise<boolean> {
  const { sizeBytes } = window.input;
  if (sizeBytes !== undefined) return offset < sizeBytes;
  return (await window.some(offset, 1)).length > 0;
}
