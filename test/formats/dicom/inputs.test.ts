import { gzipSync } from 'node:zlib';
import test from 'ava';
import { openFile } from '../../../src/bytes/file-input.ts';
import type { Input } from '../../../src/bytes/input.ts';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import type { DicomOptions } from '../../../src/formats/dicom/options.ts';
import type { ExtractionRecord } from '../../../src/records.ts';
import { KiB, MiB } from '../../../src/units.ts';
import { tempFile } from '../../support/temp.ts';
import { dicomFile, element, encapsulated, item, sequence, UID, uint16 } from './dicom-writer.ts';
import { randomFile } from './random-data-set.ts';
import { pipeOf, readInput } from './read-dicom.ts';

const RUNS = process.env.TIDEGATE_TEST_RUNS === 'ci' ? 200 : 24;

/** Records without what may differ: the input's name, its size and what it cost. */
function comparable(records: readonly ExtractionRecord[]): unknown[] {
  return records.map((record) => {
    const { file: _file, ...rest } = record;
    if (record.kind === 'file') return { ...rest, size: 0, mtime: '' };
    return record.kind === 'end' ? { ...rest, bytesRead: 0, elapsedMs: 0 } : rest;
  });
}

function bigFiles(): Buffer[] {
  const frames = Array.from({ length: 300 }, (_, i) =>
    item(
      [sequence(0x00289110, [item([element(0x00280030, 'DS', `0.5\\${i}`)], i % 2 === 0)], i % 3 === 0)],
      i % 5 === 0,
    ),
  );
  const fragments = Array.from({ length: 30 }, (_, i) => Buffer.alloc(500 * i, i));
  const last = element(0xfffcfffc, 'OB', Buffer.alloc(10));
  const head = [element(0x00080005, 'CS', 'ISO_IR 192'), sequence(0x52009230, frames, false)];
  const pixels = [
    element(0x00091001, 'OB', Buffer.alloc(100 * KiB)),
    element(0x7fe00010, 'OW', Buffer.alloc(200 * KiB)),
    last,
  ];
  return [
    dicomFile([...head, ...pixels]),
    dicomFile([...pixels, ...head], UID.deflated),
    dicomFile([...head, encapsulated(fragments), last], UID.jpeg),
    gzipSync(dicomFile([...head, encapsulated(fragments), last], UID.jpeg)),
    dicomFile([element(0x00280010, 'US', uint16(1)), element(0x00091001, 'UT', 'x'.repeat(60 * KiB)), last]),
  ];
}

async function sameEverywhere(t: Parameters<typeof readInput>[0], bytes: Buffer, options: DicomOptions, title: string) {
  const expected = comparable(await readInput(t, new MemoryInput(bytes), options));
  const path = tempFile(t, bytes);
  const inputs: Input[] = [
    openFile(path),
    openFile(path, { isSync: true }),
    pipeOf(bytes, 100),
    pipeOf(bytes, 7000, true),
  ];
  for (const input of inputs) t.deepEqual(comparable(await readInput(t, input, options)), expected, title);
  for (const headerBytes of [1, 1 * KiB, 64 * KiB, MiB]) {
    const records = await readInput(t, new MemoryInput(bytes), { ...options, headerBytes, batchCount: headerBytes });
    t.deepEqual(comparable(records), expected, `${title}, reads of ${headerBytes}`);
  }
}

test('small files say the same from memory, a file and a pipe, for every size of read', async (t) => {
  for (let seed = 0; seed < RUNS; seed++) await sameEverywhere(t, randomFile(seed).bytes, {}, `seed ${seed}`);
});

for (const [title, options] of [
  ['by default', {}],
  ['with fragments', { fragments: true }],
  ['with frames', { pixelData: 'stream', chunkBytes: 10 * KiB }],
  ['with tags', { tags: ['SharedFunctionalGroupsSequence', '00091001', 'PixelData'] }],
] as const) {
  test(`large files say the same everywhere, ${title}`, async (t) => {
    for (const [index, bytes] of bigFiles().entries()) await sameEverywhere(t, bytes, options, `file ${index}`);
  });
}

test('values that are not read are not read: bytes stay near those of the header', async (t) => {
  const items = Array.from({ length: 20_000 }, () => item([element(0x00280030, 'DS', '0.5\\0.5 ')]));
  const header = dicomFile([sequence(0x52009230, items)]);
  const pixels = element(0x7fe00010, 'OW', Buffer.alloc(16 * MiB));
  const input = openFile(tempFile(t, Buffer.concat([header, pixels])));
  await readInput(t, input);
  t.true(input.bytesRead <= 1.05 * header.length, `${input.bytesRead} of ${header.length}`);
});

test('an input that answers at once is never waited for', async (t) => {
  const input = openFile(tempFile(t, bigFiles()[0]!), { isSync: true });
  const { Scan, scanAll } = await import('../../../src/formats/dicom/scan.ts');
  const { Scanner } = await import('../../../src/formats/dicom/scanner.ts');
  const { QuietVisitor } = await import('../../../src/formats/dicom/quiet-visitor.ts');
  const scan = new Scan(input, new Scanner(new QuietVisitor()));
  t.is(scanAll(scan), undefined);
  scan.close();
  await input.close();
});
