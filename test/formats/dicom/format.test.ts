import test from 'ava';
import { dictionaryVr, keywordOf, tagKey, tagOf } from '../../../src/formats/dicom/dictionary.ts';
import { DICTIONARY_TABLE } from '../../../src/formats/dicom/dictionary-table.ts';
import { dicomFormat } from '../../../src/formats/dicom/format.ts';
import { reader } from '../../../src/formats/dicom/reader.ts';
import { vrCode } from '../../../src/formats/dicom/vr.ts';
import { BIG, dicomFile, EXPLICIT, element, IMPLICIT, meta, UID, uint16 } from './dicom-writer.ts';

const likelihood = (bytes: Buffer) => dicomFormat.likelihood(bytes.subarray(0, 4096));

test('the prefix of PS3.10 is certain', (t) => {
  t.is(likelihood(dicomFile([])), 1);
  t.true(likelihood(dicomFile([]).subarray(128)) > 0.9);
});

test('files without prefix are plausible by their first elements', (t) => {
  for (const syntax of [EXPLICIT, IMPLICIT, BIG]) {
    const { isLittle } = syntax;
    const body = [element(0x00080060, 'CS', 'MR', syntax), element(0x00280010, 'US', uint16(1, isLittle), syntax)];
    t.true(likelihood(Buffer.concat(body)) >= 0.3);
  }
  t.true(likelihood(meta(UID.explicit)) >= 0.8);
});

for (const [title, bytes] of [
  ['nothing', Buffer.alloc(0)],
  ['zeros', Buffer.alloc(4096)],
  ['text', Buffer.from('SIMPLE  =                    T / conforms to FITS standard'.padEnd(2880))],
  ['a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
  ['HDF5', Buffer.from('894844460d0a1a0a0000000000080800', 'hex')],
  ['netCDF', Buffer.from('43444601000000000000000a00000001', 'hex')],
  ['an MP4', Buffer.from('000000206674797069736f6d00000200', 'hex')],
  ['a RIFF', Buffer.from('524946462400000057415645666d7420', 'hex')],
  ['a ZIP', Buffer.from('504b03041400000008000000', 'hex')],
] as const) {
  test(`${title} is no DICOM`, (t) => t.is(likelihood(bytes), 0));
}

test('the reader is loaded on demand', async (t) => {
  t.is(await dicomFormat.load(), reader);
});

test('every row of the dictionary is found by its tag and by its keyword', (t) => {
  for (const row of DICTIONARY_TABLE.trimEnd().split('\n')) {
    const tag = Number.parseInt(row.slice(0, 8).replace('xx', '00'), 16);
    if (row.includes('xx') || keywordOf(tag) !== row.slice(10)) continue;
    if (dictionaryVr(tag) !== vrCode(row.slice(8, 10)) || tagKey(tag) !== row.slice(0, 8)) t.fail(row);
    if (row.length > 10 && keywordOf(tagOf(row.slice(10))!) !== row.slice(10)) t.fail(row);
  }
  t.is(keywordOf(0x00100010), 'PatientName');
  t.is(tagOf('StudyInstanceUID'), 0x0020000d);
  t.is(tagOf('no such keyword'), undefined);
  t.is(dictionaryVr(0x00091001), 0);
});
