import test from 'ava';
import { BIG, dicomFile, EXPLICIT, element, UID, uint16 } from './dicom-writer.ts';
import { fieldsOf, issuesOf, readBytes, statusOf } from './read-dicom.ts';

const TAG = 0x00091001;
const CREATOR = element(0x00090010, 'LO', 'TIDEGATE');

function binary(write: (bytes: Buffer) => void, lengthBytes: number): Buffer {
  const bytes = Buffer.alloc(lengthBytes);
  write(bytes);
  return bytes;
}

const LITTLE: readonly (readonly [string, Buffer | string, unknown])[] = [
  ['AE', ' STORE ', 'STORE'],
  ['AS', '042Y', '042Y'],
  ['AT', binary((b) => b.writeUInt32LE(0x00100020), 4), '00200010'],
  ['CS', 'A\\B ', ['A', 'B']],
  ['DA', '20200229', '20200229'],
  ['DS', '1.5\\-2e3 \\.25', [1.5, -2000, 0.25]],
  ['DT', '20200229120000.5', '20200229120000.5'],
  ['FD', binary((b) => [b.writeDoubleLE(0.1), b.writeDoubleLE(Number.NaN, 8)], 16), [0.1, 'NaN']],
  ['FL', binary((b) => [b.writeFloatLE(0.5), b.writeFloatLE(Number.NEGATIVE_INFINITY, 4)], 8), [0.5, '-Infinity']],
  ['IS', '12\\-3 ', [12, -3]],
  ['LO', 'a b \\c', ['a b', 'c']],
  ['LT', 'a\\b ', 'a\\b'],
  ['OB', Buffer.from([1, 2, 3, 4]), { base64: 'AQIDBA==' }],
  ['OD', Buffer.alloc(8), { base64: Buffer.alloc(8).toString('base64') }],
  ['OF', Buffer.alloc(4), { base64: 'AAAAAA==' }],
  ['OL', Buffer.alloc(4), { base64: 'AAAAAA==' }],
  ['OV', Buffer.alloc(8), { base64: Buffer.alloc(8).toString('base64') }],
  ['OW', Buffer.from([1, 2]), { base64: 'AQI=' }],
  ['PN', 'Doe^Jane=\\Roe^Ann==', ['Doe^Jane', 'Roe^Ann']],
  ['SH', 'x ', 'x'],
  ['SL', binary((b) => b.writeInt32LE(-5), 4), -5],
  ['SS', binary((b) => [b.writeInt16LE(-1), b.writeInt16LE(2, 2)], 4), [-1, 2]],
  ['ST', 'one\\line', 'one\\line'],
  ['SV', binary((b) => [b.writeBigInt64LE(-(2n ** 62n)), b.writeBigInt64LE(7n, 8)], 16), ['-4611686018427387904', 7]],
  ['TM', '120000', '120000'],
  ['UC', 'a\\b', ['a', 'b']],
  ['UI', '1.2.3', '1.2.3'],
  ['UL', binary((b) => b.writeUInt32LE(0xffffffff), 4), 0xffffffff],
  ['UN', Buffer.from([9, 9]), { base64: 'CQk=' }],
  ['UR', 'http://a/b\\c ', 'http://a/b\\c'],
  ['US', uint16(65535), 65535],
  ['UT', ' keeps leading spaces ', ' keeps leading spaces'],
  ['UV', binary((b) => b.writeBigUInt64LE(2n ** 64n - 1n), 8), '18446744073709551615'],
];

for (const [vr, bytes, value] of LITTLE) {
  test(`${vr} is read`, async (t) => {
    const records = await readBytes(t, dicomFile([CREATOR, element(TAG, vr, bytes)]));
    t.like(fieldsOf(records).at(-1), { dtype: vr, key: '00091001', name: '' });
    t.deepEqual(fieldsOf(records).at(-1)!.value, value);
    t.is(statusOf(records), 'ok');
  });

  test(`an empty ${vr} is null`, async (t) => {
    const field = fieldsOf(await readBytes(t, dicomFile([CREATOR, element(TAG, vr, '')]))).at(-1)!;
    t.is(field.value, null);
    t.is(field.bulk, undefined);
  });
}

test('binary numbers of a big-endian data set are turned around', async (t) => {
  const elements = [
    element(
      0x00091001,
      'US',
      binary((b) => b.writeUInt16BE(258), 2),
      BIG,
    ),
    element(
      0x00091002,
      'SV',
      binary((b) => b.writeBigInt64BE(-3n), 8),
      BIG,
    ),
    element(
      0x00091003,
      'AT',
      binary((b) => b.writeUInt32BE(0x00200010), 4),
      BIG,
    ),
    element(
      0x00091004,
      'FD',
      binary((b) => b.writeDoubleBE(1.25), 8),
      BIG,
    ),
  ];
  const fields = fieldsOf(await readBytes(t, dicomFile(elements, UID.big)));
  t.deepEqual(
    fields.slice(-4).map((field) => field.value),
    [258, -3, '00200010', 1.25],
  );
});

test('a number that is none stays text, with a warning', async (t) => {
  const records = await readBytes(t, dicomFile([element(TAG, 'IS', '1A'), element(TAG + 1, 'DS', '0x10\\2')]));
  t.deepEqual(
    fieldsOf(records)
      .slice(-2)
      .map((field) => field.value),
    ['1A', ['0x10', 2]],
  );
  t.deepEqual(
    issuesOf(records).map((issue) => [issue.severity, issue.path]),
    [
      ['warning', '00091001'],
      ['warning', '00091002'],
    ],
  );
});

test('a binary value of a broken length gives its whole elements, with a warning', async (t) => {
  const records = await readBytes(t, dicomFile([element(TAG, 'UL', Buffer.from([1, 0, 0, 0, 2, 0]))]));
  t.is(fieldsOf(records).at(-1)!.value, 1);
  t.is(issuesOf(records)[0]?.code, 'ERR_MALFORMED');
});

test('keywords are those of PS3.6, for repeating groups too; unknown and private tags have none', async (t) => {
  const tags = [0x00080018, 0x00203102, 0x50020005, 0x60fe3000, 0x00080001, 0x00095555, 0x00100000];
  const fields = fieldsOf(await readBytes(t, dicomFile(tags.map((tag) => element(tag, 'UN', '')))));
  t.deepEqual(
    fields.slice(-7).map((field) => field.name),
    ['SOPInstanceUID', 'SourceImageIDs', 'CurveDimensions', 'OverlayData', 'LengthToEnd', '', ''],
  );
});

test('a private tag is typed by its creator in an implicit data set', async (t) => {
  const syntax = { isExplicit: false, isLittle: true };
  const elements = [
    element(0x00190011, 'LO', 'GEMS_ACQU_01', syntax),
    element(
      0x00191102,
      'SL',
      binary((b) => b.writeInt32LE(5), 4),
      syntax,
    ),
    element(
      0x00191202,
      'SL',
      binary((b) => b.writeInt32LE(5), 4),
      syntax,
    ),
  ];
  const fields = fieldsOf(await readBytes(t, dicomFile(elements, UID.implicit))).slice(-3);
  t.deepEqual(
    fields.map((field) => [field.dtype, field.value]),
    [
      ['LO', 'GEMS_ACQU_01'],
      ['SL', 5],
      ['UN', { base64: 'BQAAAA==' }],
    ],
  );
});

test('explicit length fields of 65,535 bytes are read whole', async (t) => {
  const text = 'y'.repeat(65_534);
  const records = await readBytes(
    t,
    dicomFile([element(TAG, 'LT', text), element(TAG + 1, 'US', uint16(1), EXPLICIT)]),
  );
  t.is(fieldsOf(records).at(-2)!.value, text);
});
