import test from 'ava';
import { dicomFile, element, encapsulated, IMPLICIT, UID, uint16 } from './dicom-writer.ts';
import { fieldsOf, readBytes, samplesOf, typesOf } from './read-dicom.ts';

const _LAST = element(0x00280010, 'US', uint16(7));
const _CODE = element(0x00080100, 'SH', 'A');
const _SEQ = 0x00082112;
const _READ_WELL = { '00082112[0]/00080100': 'A', '00280010': 7 };

test('encapsulated Pixel Data in an implicit data set are fragments', async (t) => {
  const pixels = encapsulated([Buffer.alloc(10), Buffer.alloc(20)], [], IMPLICIT);
  const last = element(0xfffcfffc, 'OB', Buffer.alloc(2), IMPLICIT);
  const records = await readBytes(t, dicomFile([pixels, last], UID.implicit), { fragments: true });
  t.deepEqual(typesOf(records), { '7FE00010': 'OB', FFFCFFFC: 'OB' });
  t.deepEqual(
    samplesOf(records).map(({ index, length }) => [index, length]),
    [
      [0, 10],
      [1, 20],
    ],
  );
});

test('without fragments, encapsulated Pixel Data are one bulk field that spans them', async (t) => {
  const bytes = dicomFile(
    [encapsulated([Buffer.alloc(10), Buffer.alloc(20)], [0]), element(0xfffcfffc, 'OB', Buffer.alloc(2))],
    UID.jpeg,
  );
  const records = await readBytes(t, bytes);
  const pixels = fieldsOf(records).find((field) => field.key === '7FE00010')!;
  t.like(pixels, { value: null, bulk: true, dtype: 'OB', length: 12 + 18 + 28 });
  t.is(bytes.readUInt32LE(pixels.offset!), 0xe000fffe);
  t.is(fieldsOf(records).at(-1)!.key, 'FFFCFFFC');
});
