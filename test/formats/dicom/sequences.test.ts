import test from 'ava';
import {
  BIG,
  dicomFile,
  EXPLICIT,
  element,
  IMPLICIT,
  item,
  mark,
  sequence,
  UID,
  uint16,
  uint32,
} from './dicom-writer.ts';
import { fieldsOf, issuesOf, readBytes, statusOf, typesOf, valuesOf } from './read-dicom.ts';

const LAST = element(0x00280010, 'US', uint16(7));
const CODE = element(0x00080100, 'SH', 'A');
const SEQ = 0x00082112;
const READ_WELL = { '00082112[0]/00080100': 'A', '00280010': 7 };

test('items are objects between the sequence and their elements, in the order of the file', async (t) => {
  const nested = sequence(0x0040a170, [item([CODE], false), item([], false)], false);
  const records = await readBytes(t, dicomFile([sequence(SEQ, [item([nested]), item([CODE])]), LAST]));
  const seen = [...records.filter((r) => r.kind === 'field' || r.kind === 'object')].filter(
    ({ path }) => !path.startsWith('0002'),
  );
  t.deepEqual(
    seen.map((r) => `${r.kind} ${r.path}`),
    [
      'field 00082112',
      'object 00082112[0]',
      'field 00082112[0]/0040A170',
      'object 00082112[0]/0040A170[0]',
      'field 00082112[0]/0040A170[0]/00080100',
      'object 00082112[0]/0040A170[1]',
      'object 00082112[1]',
      'field 00082112[1]/00080100',
      'field 00280010',
    ],
  );
  t.like(seen[0], { dtype: 'SQ', value: 2, name: 'SourceImageSequence' });
  t.like(seen[2], { dtype: 'SQ', value: null });
  t.like(seen[1], { class: 'item' });
});

test('an empty sequence has no items, of either length', async (t) => {
  const records = await readBytes(t, dicomFile([sequence(SEQ, []), sequence(0x00082218, [], false), LAST]));
  t.deepEqual(valuesOf(records), { '00082112': 0, '00082218': null, '00280010': 7 });
  t.is(statusOf(records), 'ok');
});

for (const [title, bytes] of [
  ['an item without delimiter before the next item', [mark(0xe000, 0xffffffff), CODE, item([]), mark(0xe0dd, 0)]],
  ['an item without delimiter before the end of its sequence', [mark(0xe000, 0xffffffff), CODE, mark(0xe0dd, 0)]],
  ['a delimiter for an item of defined length', [item([CODE]), mark(0xe00d, 0), mark(0xe0dd, 0)]],
  ['no delimiter before the next element of the data set', [item([CODE])]],
] as const) {
  test(`${title} is tolerated, with a warning`, async (t) => {
    const head = element(SEQ, 'SQ', '', EXPLICIT, 0xffffffff);
    const records = await readBytes(t, dicomFile([head, ...bytes, LAST]));
    t.like(valuesOf(records), READ_WELL);
    t.is(statusOf(records), 'ok');
    t.deepEqual(
      issuesOf(records).map((issue) => issue.severity),
      ['warning'],
    );
    t.is(typeof issuesOf(records)[0]!.offset, 'number');
  });
}

test('a sequence delimiter inside a sequence of defined length is passed over', async (t) => {
  const records = await readBytes(t, dicomFile([sequence(SEQ, [item([CODE]), mark(0xe0dd, 0)]), LAST]));
  t.like(valuesOf(records), READ_WELL);
  t.is(statusOf(records), 'ok');
});

test('an item delimiter inside an item of defined length is passed over', async (t) => {
  const records = await readBytes(t, dicomFile([sequence(SEQ, [item([CODE, mark(0xe00d, 0)])]), LAST]));
  t.like(valuesOf(records), READ_WELL);
  t.is(statusOf(records), 'ok');
});

test('stray delimiters between top-level elements are passed over', async (t) => {
  const records = await readBytes(t, dicomFile([CODE, mark(0xe00d, 0), mark(0xe0dd, 0), mark(0xe000, 0), LAST]));
  t.deepEqual(valuesOf(records), { '00080100': 'A', '00280010': 7 });
  t.is(issuesOf(records).length, 3);
});

test('elements that overrun their item are read, with a warning', async (t) => {
  const short = Buffer.concat([mark(0xe000, 4), CODE]);
  const records = await readBytes(t, dicomFile([sequence(SEQ, [short]), LAST]));
  t.like(valuesOf(records), READ_WELL);
  t.deepEqual(
    issuesOf(records).map((issue) => issue.severity),
    ['warning'],
  );
});

for (const [title, syntax, uid] of [
  ['explicit', EXPLICIT, UID.explicit],
  ['big endian', BIG, UID.big],
] as const) {
  test(`UN of undefined length in ${title} is a sequence in implicit little endian (CP-246)`, async (t) => {
    const items = [item([element(0x00080100, 'SH', 'A', IMPLICIT)], false)];
    const head = element(0x00091010, 'UN', '', syntax, 0xffffffff);
    const last = element(0x00280010, 'US', uint16(7, syntax.isLittle), syntax);
    const records = await readBytes(t, dicomFile([head, ...items, mark(0xe0dd, 0), last], uid));
    t.deepEqual(valuesOf(records), { '00091010': null, '00091010[0]/00080100': 'A', '00280010': 7 });
    t.is(typesOf(records)['00091010'], 'SQ');
  });
}

test('UN of defined length is a sequence if the dictionary says so and an item begins it', async (t) => {
  const content = item([element(0x00080100, 'SH', 'A', IMPLICIT)]);
  const records = await readBytes(t, dicomFile([element(SEQ, 'UN', content), LAST]));
  t.deepEqual(valuesOf(records), { '00082112': 1, ...READ_WELL });
});

test('UN of a known tag is read as the dictionary says', async (t) => {
  const records = await readBytes(t, dicomFile([element(0x00100010, 'UN', 'Doe^Jane'), LAST]));
  t.deepEqual(typesOf(records), { '00100010': 'PN', '00280010': 'US' });
  t.is(valuesOf(records)['00100010'], 'Doe^Jane');
});

test('a sequence by the dictionary whose bytes are no item is UN', async (t) => {
  for (const [syntax, uid] of [
    [IMPLICIT, UID.implicit],
    [EXPLICIT, UID.explicit],
  ] as const) {
    const last = element(0x0040a730, 'SQ', 'CONTAINS', syntax);
    const records = await readBytes(t, dicomFile([last], uid));
    t.deepEqual(typesOf(records), { '0040A730': 'UN' });
    t.deepEqual(valuesOf(records), { '0040A730': { base64: Buffer.from('CONTAINS').toString('base64') } });
    t.is(statusOf(records), 'ok');
  }
});

test('an unknown element of undefined length in an implicit data set is a sequence', async (t) => {
  const content = item([element(0x00080100, 'SH', 'A', IMPLICIT)], false);
  const head = element(0x00091010, 'UN', '', IMPLICIT, 0xffffffff);
  const records = await readBytes(t, dicomFile([head, content, mark(0xe0dd, 0)], UID.implicit));
  t.deepEqual(valuesOf(records), { '00091010': null, '00091010[0]/00080100': 'A' });
});

test('sequences of undefined length that the file leaves open make it partial', async (t) => {
  const bytes = dicomFile([element(SEQ, 'SQ', '', EXPLICIT, 0xffffffff), mark(0xe000, 0xffffffff), CODE]);
  const records = await readBytes(t, bytes);
  t.is(statusOf(records), 'partial');
  t.is(valuesOf(records)['00082112[0]/00080100'], 'A');
  t.like(issuesOf(records)[0], { code: 'ERR_TRUNCATED_INPUT', severity: 'error', offset: bytes.length });
});

test('nesting beyond maxDepth is a limit, with all records before it', async (t) => {
  let content = CODE;
  for (let depth = 0; depth < 5; depth++) content = sequence(SEQ, [item([content], false)], false);
  const bytes = dicomFile([content]);
  t.is(statusOf(await readBytes(t, bytes, { maxDepth: 5 })), 'ok');
  const records = await readBytes(t, bytes, { maxDepth: 4 });
  t.is(statusOf(records), 'partial');
  t.like(issuesOf(records)[0], { code: 'ERR_LIMIT', severity: 'error' });
  t.is(fieldsOf(records).filter((field) => field.dtype === 'SQ').length, 4);
});

test('a large sequence of defined length is not counted, and read all the same', async (t) => {
  const items = Array.from({ length: 2000 }, () => item([element(0x00080100, 'UL', uint32(1))]));
  const records = await readBytes(t, dicomFile([sequence(SEQ, items), LAST]));
  t.is(valuesOf(records)['00082112'], null);
  t.is(valuesOf(records)['00082112[1999]/00080100'], 1);
});
