import test from 'ava';
import { decodeText } from '../../../src/formats/dicom/text.ts';
import { dicomFile, element, item, sequence } from './dicom-writer.ts';
import { issuesOf, readBytes, statusOf, valuesOf } from './read-dicom.ts';

function decode(declared: string, bytes: Buffer, vr = 'PN'): string {
  return decodeText(bytes, 0, bytes.length, declared, vr).text;
}
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

// PS3.5 Annexes H, I, J, K: the standard's own examples
const EXAMPLES: readonly (readonly [string, string, string])[] = [
  ['ISO_IR 100', '42 75 63 5e 4a e9 72 f4 6d 65', 'Buc^Jérôme'],
  ['ISO_IR 144', 'bb ee da 63 65 dc d1 e0 d3', 'Люкceмбрг'],
  ['ISO_IR 126', 'c4 e9 ef ed f5 f3 e9 ef f2', 'Διονυσιος'],
  ['ISO_IR 192', '57 61 6e 67 5e 58 69 61 6f 3d e7 8e 8b 5e e5 b0 8f', 'Wang^Xiao=王^小'],
  ['GB18030', '57 61 6e 67 5e 58 69 61 6f 3d cd f5 5e d0 a1', 'Wang^Xiao=王^小'],
  ['GBK', '57 61 6e 67 3d cd f5 5e d0 a1', 'Wang=王^小'],
  [
    '\\ISO 2022 IR 87',
    '59 61 6d 61 3d 1b 24 42 3b 33 45 44 1b 28 42 5e 1b 24 42 42 40 4f 3a 1b 28 42',
    'Yama=山田^太郎',
  ],
  [
    'ISO 2022 IR 13\\ISO 2022 IR 87',
    'd4 cf c0 de 5e c0 db b3 3d 1b 24 42 3b 33 45 44 1b 28 4a 5e 41',
    'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^A',
  ],
  ['\\ISO 2022 IR 149', '48 6f 6e 67 3d 1b 24 29 43 fb f3 5e 1b 24 29 43 d1 ce d4 d7', 'Hong=洪^吉洞'],
  ['\\ISO 2022 IR 58', '57 3d 1b 24 29 41 cd f5', 'W=王'],
];

for (const [declared, bytes, text] of EXAMPLES) {
  test(`text in ${declared} is decoded`, (t) => {
    t.is(decode(declared, hex(bytes)), text);
  });
}

for (const name of ['ISO-IR 192', 'iso_ir_192', 'ISO IR 192 ', 'UTF-8']) {
  test(`the misspelt ${name} is understood`, (t) => t.is(decode(name, Buffer.from('é')), 'é'));
}

test('an escape to ASCII is legal when the first set is ISO 2022 IR 13', (t) => {
  t.is(decode('ISO 2022 IR 13\\ISO 2022 IR 87', hex('1b 24 42 3b 33 45 44 1b 28 42 5e 41')), '山田^A');
});

test('an unknown character set falls back to ISO 8859-1 and says so', (t) => {
  const decoded = decodeText(Buffer.from([0x41, 0xe9]), 0, 2, 'ISO_IR 999', 'LO');
  t.deepEqual(decoded, { text: 'Aé', isDamaged: true });
});

test('plain ASCII needs no character set', (t) => {
  t.deepEqual(decodeText(Buffer.from('abc'), 0, 3, 'nonsense', 'LO'), { text: 'abc', isDamaged: false });
});

test('a backslash inside a double-byte character does not split the value', async (t) => {
  // GBK: 0x81 0x5C is one character
  const value = Buffer.concat([hex('81 5c'), Buffer.from('\\B')]);
  const records = await readBytes(t, dicomFile([element(0x00080005, 'CS', 'GBK'), element(0x00100020, 'LO', value)]));
  t.deepEqual(valuesOf(records)['00100020'], ['乗', 'B']);
});

test('an item has its own character set, or that of the data set around it', async (t) => {
  const utf8 = element(0x00080104, 'LO', Buffer.from('é'));
  const items = [
    item([element(0x00080005, 'CS', 'ISO_IR 192'), utf8]),
    item([element(0x00080104, 'LO', Buffer.from('é', 'latin1'))]),
  ];
  const elements = [element(0x00080005, 'CS', 'ISO_IR 100'), sequence(0x00082112, items)];
  elements.push(element(0x00100020, 'LO', Buffer.from('è', 'latin1')));
  const values = valuesOf(await readBytes(t, dicomFile(elements)));
  t.like(values, { '00082112[0]/00080104': 'é', '00082112[1]/00080104': 'é', '00100020': 'è' });
});

test('the character set does not concern UIDs, dates and codes', async (t) => {
  const elements = [element(0x00080005, 'CS', 'ISO_IR 192'), element(0x00080060, 'CS', Buffer.from([0x4d, 0xe9]))];
  t.is(valuesOf(await readBytes(t, dicomFile(elements)))['00080060'], 'Mé');
});

test('bytes that mean nothing become U+FFFD, and an issue with path and offset', async (t) => {
  const elements = [element(0x00080005, 'CS', 'ISO_IR 192'), element(0x00100020, 'LO', Buffer.from([0x41, 0xff]))];
  const records = await readBytes(t, dicomFile(elements));
  t.is(valuesOf(records)['00100020'], 'A\ufffd');
  t.like(issuesOf(records)[0], { code: 'ERR_TEXT', severity: 'warning', path: '00100020' });
  t.is(typeof issuesOf(records)[0]!.offset, 'number');
  t.is(statusOf(records), 'ok');
});

test('text beyond ASCII without a character set is read as ISO 8859-1, with an issue', async (t) => {
  const records = await readBytes(t, dicomFile([element(0x00100020, 'LO', Buffer.from([0x41, 0xe9]))]));
  t.is(valuesOf(records)['00100020'], 'Aé');
  t.is(issuesOf(records)[0]?.code, 'ERR_TEXT');
});
