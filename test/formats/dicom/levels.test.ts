import test from 'ava';
import { dicomFile, element, IMPLICIT, item, sequence, UID, uint16 } from './dicom-writer.ts';
import { readBytes, typesOf, valuesOf } from './read-dicom.ts';

const _LAST = element(0x00280010, 'US', uint16(7));
const _CODE = element(0x00080100, 'SH', 'A');
const SEQ = 0x00082112;
const _READ_WELL = { '00082112[0]/00080100': 'A', '00280010': 7 };

test('items of a private creator are no concern of the data set around them', async (t) => {
  const creator = element(0x00290010, 'LO', 'SIEMENS CSA HEADER', IMPLICIT);
  const inItem = element(0x00291008, 'CS', 'IMAGE NUM 4', IMPLICIT);
  const items = [item([creator, inItem])];
  const records = await readBytes(t, dicomFile([sequence(SEQ, items, true, IMPLICIT), inItem], UID.implicit));
  t.is(typesOf(records)['00082112[0]/00291008'], 'CS');
  t.is(typesOf(records)['00291008'], 'UN');
});

test('PixelRepresentation decides US or SS, for the items below it too', async (t) => {
  const smallest = (value: number) => element(0x00280106, 'US', uint16(value), IMPLICIT);
  for (const [sign, dtype, value] of [
    [0, 'US', 0xfffe],
    [1, 'SS', -2],
  ] as const) {
    const elements = [
      element(0x00280103, 'US', uint16(sign), IMPLICIT),
      smallest(0xfffe),
      sequence(0x00289145, [item([smallest(0xfffe)])], true, IMPLICIT),
    ];
    const records = await readBytes(t, dicomFile(elements, UID.implicit));
    t.like(typesOf(records), { '00280106': dtype, '00289145[0]/00280106': dtype });
    t.like(valuesOf(records), { '00280106': value, '00289145[0]/00280106': value });
  }
});
