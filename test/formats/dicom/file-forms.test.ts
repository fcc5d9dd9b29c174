import { deflateSync, gzipSync } from 'node:zlib';
import test from 'ava';
import {
  BIG,
  dicomFile,
  EXPLICIT,
  element,
  encapsulated,
  IMPLICIT,
  item,
  meta,
  type Syntax,
  sequence,
  UID,
  uint16,
  uint32,
} from './dicom-writer.ts';
import { fieldsOf, issuesOf, readBytes, samplesOf, statusOf, typesOf, valuesOf } from './read-dicom.ts';

function body(syntax: Syntax): Buffer {
  return Buffer.concat([
    element(0x00080060, 'CS', 'MR', syntax),
    element(0x00100010, 'PN', 'Doe^Jane', syntax),
    element(0x00280010, 'US', uint16(512, syntax.isLittle), syntax),
  ]);
}
const VALUES = { '00080060': 'MR', '00100010': 'Doe^Jane', '00280010': 512 };
const PREAMBLE = Buffer.concat([Buffer.alloc(128, 7), Buffer.from('DICM')]);

test('a file with preamble gives the meta group first, then the data set', async (t) => {
  const records = await readBytes(t, dicomFile([body(EXPLICIT)]));
  const meta0 = fieldsOf(records)[0]!;
  t.like(meta0, { path: '00020000', key: '00020000', name: 'FileMetaInformationGroupLength', dtype: 'UL' });
  t.deepEqual(valuesOf(records), VALUES);
  t.like(fieldsOf(records).at(-2), { name: 'PatientName', dtype: 'PN', value: 'Doe^Jane', length: 8 });
  t.is(statusOf(records), 'ok');
  t.deepEqual(issuesOf(records), []);
});

test('the offset of a field is where its value stands in the file', async (t) => {
  const bytes = dicomFile([body(EXPLICIT)]);
  const name = fieldsOf(await readBytes(t, bytes)).find((field) => field.name === 'PatientName')!;
  t.is(bytes.toString('latin1', name.offset, name.offset! + name.length!), 'Doe^Jane');
});

for (const [title, uid, syntax] of [
  ['implicit little endian', UID.implicit, IMPLICIT],
  ['explicit little endian', UID.explicit, EXPLICIT],
  ['explicit big endian', UID.big, BIG],
  ['deflated', UID.deflated, EXPLICIT],
  ['an encapsulated syntax', UID.jpeg, EXPLICIT],
  ['a private syntax', '1.2.3.4', EXPLICIT],
  ['GE private implicit', '1.2.840.113619.5.2', IMPLICIT],
] as const) {
  test(`${title} is read by its transfer syntax`, async (t) => {
    const records = await readBytes(t, dicomFile([body(syntax)], uid));
    t.deepEqual(valuesOf(records), VALUES);
    t.is(statusOf(records), 'ok');
  });
}

for (const [title, bytes] of [
  ['DICM at byte 0', Buffer.concat([Buffer.from('DICM'), meta(UID.explicit), body(EXPLICIT)])],
  ['group 2 without preamble', Buffer.concat([meta(UID.implicit), body(IMPLICIT)])],
  ['no meta group, explicit little endian', body(EXPLICIT)],
  ['no meta group, implicit little endian', body(IMPLICIT)],
  ['no meta group, explicit big endian', body(BIG)],
  ['no meta group, implicit big endian', body({ isExplicit: false, isLittle: false })],
  ['a preamble, but no meta group', Buffer.concat([PREAMBLE, body(EXPLICIT)])],
  ['a meta group in implicit VR', Buffer.concat([PREAMBLE, meta(UID.explicit, IMPLICIT), body(EXPLICIT)])],
  ['a meta group in big endian', Buffer.concat([PREAMBLE, meta(UID.big, BIG), body(BIG)])],
  ['a syntax of explicit VR and implicit data', dicomFile([body(IMPLICIT)], UID.explicit)],
  ['a syntax of implicit VR and explicit data', dicomFile([body(EXPLICIT)], UID.implicit)],
  ['a syntax of little endian and big-endian data', dicomFile([body(BIG)], UID.explicit)],
  ['a syntax of big endian and little-endian data', dicomFile([body(EXPLICIT)], UID.big)],
] as const) {
  test(`${title}: the data set is read as it looks`, async (t) => {
    const records = await readBytes(t, bytes);
    t.deepEqual(valuesOf(records), VALUES);
    t.is(statusOf(records), 'ok');
  });
}

for (const [title, uid, syntax] of [
  ['implicit little endian', UID.implicit, IMPLICIT],
  ['explicit little endian', UID.explicit, EXPLICIT],
  ['explicit big endian', UID.big, BIG],
] as const) {
  // Bytes turned around, (2000,0010) is (0020,1000), and (0400,0000) is (0004,0000): both known as well
  test(`${title}: a first element whose bytes make another tag in the other order is what the syntax says`, async (t) => {
    const copies = element(0x20000010, 'IS', '3', syntax);
    t.deepEqual(valuesOf(await readBytes(t, dicomFile([copies], uid))), { '20000010': 3 });
    const length = element(0x04000000, 'UL', uint32(0, syntax.isLittle), syntax);
    t.deepEqual(valuesOf(await readBytes(t, dicomFile([length], uid))), { '04000000': 0 });
  });
}

test('a group length tells the byte order by its own', async (t) => {
  const length = element(0x00080000, 'UL', uint32(12, false), BIG);
  t.deepEqual(valuesOf(await readBytes(t, dicomFile([length, body(BIG)], UID.explicit))), {
    '00080000': 12,
    ...VALUES,
  });
});

test('a meta group without transfer syntax is read on, with a warning', async (t) => {
  const version = element(0x00020001, 'OB', Buffer.from([0, 1]));
  const records = await readBytes(t, Buffer.concat([PREAMBLE, version, body(EXPLICIT)]));
  t.deepEqual(valuesOf(records), VALUES);
  t.deepEqual(
    issuesOf(records).map((issue) => [issue.severity, issue.code]),
    [['warning', 'ERR_MALFORMED']],
  );
});

test('data that contradict the transfer syntax are a warning with an offset', async (t) => {
  const [issue] = issuesOf(await readBytes(t, dicomFile([body(IMPLICIT)], UID.explicit)));
  t.is(issue?.severity, 'warning');
  t.is(issue?.offset, 132 + meta(UID.explicit).length);
});

test('a gzipped file is read as what is in it, without offsets', async (t) => {
  const records = await readBytes(t, gzipSync(dicomFile([body(EXPLICIT)])));
  t.deepEqual(valuesOf(records), VALUES);
  t.true(fieldsOf(records).every((field) => field.offset === undefined && field.length !== undefined));
});

test('fields of a deflated data set have no offset, those of the meta group do', async (t) => {
  const fields = fieldsOf(await readBytes(t, dicomFile([body(EXPLICIT)], UID.deflated)));
  t.true(fields.every((field) => (field.offset !== undefined) === field.key.startsWith('0002')));
});

test('a deflated data set with a zlib header is read, too', async (t) => {
  const bytes = Buffer.concat([PREAMBLE, meta(UID.deflated), deflateSync(body(EXPLICIT))]);
  t.deepEqual(valuesOf(await readBytes(t, bytes)), VALUES);
});

test('the items of an explicit data set may be implicit', async (t) => {
  const items = [item([element(0x00080100, 'SH', 'A', IMPLICIT), element(0x00080102, 'SH', 'B', IMPLICIT)])];
  const values = valuesOf(await readBytes(t, dicomFile([sequence(0x00082112, items), body(EXPLICIT)])));
  t.deepEqual(values, { '00082112': 1, '00082112[0]/00080100': 'A', '00082112[0]/00080102': 'B', ...VALUES });
});

test('a VR of a later standard is read as UN by its 4-byte length', async (t) => {
  const odd = Buffer.from([0x09, 0, 0x01, 0, 0x5a, 0x5a, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4]);
  const records = await readBytes(t, dicomFile([odd, body(EXPLICIT)]));
  t.is(typesOf(records)['00090001'], 'UN');
  t.deepEqual(valuesOf(records), { '00090001': { base64: 'AQIDBA==' }, ...VALUES });
});

for (const [title, letters] of [
  ['two zero bytes', '\0\0'],
  ['two spaces', '  '],
  ['--', '--'],
  ['??', '??'],
  ['a misspelt VR', 'Xs'],
] as const) {
  test(`${title} for a VR: the dictionary says what the element is`, async (t) => {
    const odd = element(0x00100020, 'LO', 'ID 1');
    odd.write(letters, 4, 'latin1');
    const records = await readBytes(
      t,
      dicomFile([element(0x00080060, 'CS', 'MR'), odd, element(0x00280010, 'US', uint16(7))]),
    );
    t.is(typesOf(records)['00100020'], 'LO');
    t.deepEqual(valuesOf(records), { '00080060': 'MR', '00100020': 'ID 1', '00280010': 7 });
  });
}

test('an element of implicit VR in the middle of an explicit data set is read', async (t) => {
  const records = await readBytes(
    t,
    dicomFile([
      element(0x00080060, 'CS', 'MR'),
      element(0x00100020, 'LO', 'ID', IMPLICIT),
      element(0x00280010, 'US', uint16(7)),
    ]),
  );
  t.deepEqual(valuesOf(records), { '00080060': 'MR', '00100020': 'ID', '00280010': 7 });
});

test('zeros behind the last element are padding, with a warning', async (t) => {
  for (const count of [1, 2, 7, 8, 512]) {
    const records = await readBytes(t, Buffer.concat([dicomFile([body(EXPLICIT)]), Buffer.alloc(count)]));
    t.deepEqual(valuesOf(records), VALUES);
    t.deepEqual([statusOf(records), issuesOf(records).length], ['ok', 1]);
  }
});

test('an element that is there twice is one field and an issue', async (t) => {
  const records = await readBytes(t, dicomFile([body(EXPLICIT), element(0x00100010, 'PN', 'Roe^Ann')]));
  t.deepEqual(valuesOf(records), VALUES);
  t.deepEqual(
    issuesOf(records).map((issue) => issue.path),
    ['00100010'],
  );
});

test('a sequence, or pixel data, that are there twice are told once', async (t) => {
  for (const isDefined of [true, false]) {
    const code = (text: string) => sequence(0x00082112, [item([element(0x00080100, 'SH', text)])], isDefined);
    const pixels = encapsulated([Buffer.alloc(4)]);
    const elements = [code('A'), code('B'), element(0x00280010, 'US', uint16(7)), pixels, pixels];
    const records = await readBytes(t, dicomFile(elements, UID.jpeg), { fragments: true });
    const count = isDefined ? 1 : null;
    const expected = { '00082112': count, '00082112[0]/00080100': 'A', '00280010': 7, '7FE00010': 'bulk' };
    t.deepEqual(valuesOf(records), expected);
    t.deepEqual([samplesOf(records).length, issuesOf(records).length, statusOf(records)], [1, 2, 'ok']);
    t.is(records.filter((record) => record.kind === 'object').length, 1);
  }
});

test('what is no DICOM fails', async (t) => {
  for (const bytes of [Buffer.from('GIF89a and so on, and so on'), Buffer.alloc(0), Buffer.alloc(500)]) {
    const records = await readBytes(t, bytes);
    t.is(statusOf(records), 'failed');
    t.is(typeof issuesOf(records)[0]!.offset, 'number');
  }
});
