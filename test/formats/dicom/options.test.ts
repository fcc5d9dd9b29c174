import test from 'ava';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { reader } from '../../../src/formats/dicom/reader.ts';
import { KiB, MiB } from '../../../src/units.ts';
import { dicomFile, EXPLICIT, element, item, sequence, uint16 } from './dicom-writer.ts';
import { readBytes, readInput, statusOf, valuesOf } from './read-dicom.ts';

const CODE = element(0x00080100, 'SH', 'A');
const BYTES = dicomFile([
  element(0x00080005, 'CS', 'ISO_IR 192'),
  element(0x00080060, 'CS', 'MR'),
  sequence(0x00082112, [item([CODE])], false),
  sequence(0x00089092, [item([CODE])]),
  element(0x00100010, 'PN', Buffer.from('é')),
  element(0x00280010, 'US', uint16(7)),
]);

test('tags select top-level elements, with all that is in them', async (t) => {
  const records = await readBytes(t, BYTES, { tags: ['PatientName', 'SourceImageSequence'] });
  t.deepEqual(valuesOf(records), { '00082112': null, '00082112[0]/00080100': 'A', '00100010': 'é' });
  t.is(statusOf(records), 'ok');
});

test('tags may be written in hex, and of the meta group', async (t) => {
  const records = await readBytes(t, BYTES, { tags: ['00020010', '00280010'] });
  t.deepEqual(
    records.slice(1, -1).map((record) => record.kind === 'field' && record.value),
    ['1.2.840.10008.1.2.1', 7],
  );
});

test('reading stops when the last of the tags is passed', async (t) => {
  const far = element(0x00280010, 'US', uint16(7));
  const many = Array.from({ length: 10_000 }, (_, i) => element(0x00290000 + i, 'SH', 'x'));
  const input = new MemoryInput(dicomFile([element(0x00080060, 'CS', 'MR'), far, ...many]));
  await readInput(t, input, { tags: ['Rows', 'Modality'] });
  t.true(input.bytesRead <= 8 * KiB);
});

test('untilTag is not read, nor what follows it', async (t) => {
  t.deepEqual(
    Object.keys(valuesOf(await readBytes(t, BYTES, { untilTag: 'PatientName' }))).at(-1),
    '00089092[0]/00080100',
  );
  t.deepEqual(Object.keys(valuesOf(await readBytes(t, BYTES, { untilTag: '00080061' }))), ['00080005', '00080060']);
});

test('a sequence that is not asked for is skipped, not read, if it has a length', async (t) => {
  const items = Array.from({ length: 50_000 }, () => item([element(0x00280030, 'DS', '0.5\\0.5 ')]));
  const input = new MemoryInput(dicomFile([sequence(0x00082112, items), element(0x00280010, 'US', uint16(7))]));
  t.deepEqual(valuesOf(await readInput(t, input, { tags: ['Rows'] })), { '00280010': 7 });
  t.true(input.bytesRead < 16 * KiB && input.sizeBytes > MiB);
});

test('records come in batches of batchCount', async (t) => {
  const batches: number[] = [];
  for await (const batch of reader.read(new MemoryInput(BYTES), { batchCount: 3 })) batches.push(batch.length);
  t.true(batches.length > 3);
  t.true(Math.max(...batches) <= 4);
});

test('limits on records and objects end the file with an issue', async (t) => {
  for (const options of [{ maxRecords: 5 }, { maxObjects: 1 }]) {
    const records = await readBytes(t, BYTES, options);
    t.is(statusOf(records), 'partial');
    t.like(records.at(-2), { kind: 'issue', code: 'ERR_LIMIT' });
  }
});

for (const [title, options] of [
  ['an unknown keyword', { tags: ['PatientNam'] }],
  ['an unknown tag to stop at', { untilTag: '0010,0010' }],
  ['a negative length', { deferBytes: -1 }],
  ['no depth', { maxDepth: 0 }],
  ['an unknown mode', { pixelData: 'decode' as 'skip' }],
  ['fragments and frames at once', { pixelData: 'stream' as const, fragments: true }],
] as const) {
  test(`${title} is refused at the call`, (t) => {
    t.throws(() => reader.read(new MemoryInput(BYTES), options), { code: 'ERR_OPTION' });
  });
}

test('an element that is cut is told even if the next would end the read', async (t) => {
  const bytes = dicomFile([element(0x00080060, 'CS', 'MR'), element(0x00091001, 'OB', Buffer.alloc(4), EXPLICIT, 400)]);
  t.is(statusOf(await readBytes(t, bytes, { tags: ['00091001'] })), 'partial');
});
