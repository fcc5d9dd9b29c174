import { deflateRawSync } from 'node:zlib';
import test from 'ava';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { SequentialInput } from '../../../src/bytes/sequential-input.ts';
import { reader } from '../../../src/formats/dicom/reader.ts';
import type { ExtractionRecord } from '../../../src/records.ts';
import { GiB, KiB, MiB } from '../../../src/units.ts';
import { dicomFile, EXPLICIT, element, IMPLICIT, mark, meta, UID, uint16 } from './dicom-writer.ts';
import { randomFile } from './random-data-set.ts';
import { random } from './random-values.ts';
import { issuesOf, readBytes, readInput, statusOf } from './read-dicom.ts';

import { content, FILES } from './small-files.ts';

const isCi = process.env.TIDEGATE_TEST_RUNS === 'ci';
const MUTATION_COUNT = isCi ? 10_000 : 1000;
test('mutated files give records and an end, never anything else', async (t) => {
  const next = random(1);
  const originals = [
    ...Object.values(FILES).map(({ bytes }) => bytes),
    ...[1, 2, 4, 5].map((seed) => randomFile(seed).bytes),
  ];
  for (let run = 0; run < MUTATION_COUNT; run++) {
    const bytes = Buffer.from(originals[run % originals.length]!);
    for (let i = 1 + Math.floor(next() * 4); i > 0; i--) {
      bytes[Math.floor(next() * bytes.length)] = next() < 0.3 ? 0xff : Math.floor(next() * 256);
    }
    const options = {
      fragments: next() < 0.3,
      ...(next() < 0.2 && { pixelData: 'stream' as const, fragments: false }),
    };
    const records = await readBytes(t, bytes, options);
    for (const issue of issuesOf(records)) t.is(typeof issue.offset, 'number', `run ${run}: ${issue.message}`);
  }
});

/** Remembers the largest read. */
class Watched extends MemoryInput {
  mostAsked = 0;
  override read(offset: number, lengthBytes: number): ReturnType<MemoryInput['read']> {
    this.mostAsked = Math.max(this.mostAsked, lengthBytes);
    return super.read(offset, lengthBytes);
  }
}

test('a length of 4 GiB in a file of 1 KB allocates nothing', async (t) => {
  for (const [vr, syntax, uid] of [
    ['OB', EXPLICIT, UID.explicit],
    ['UT', EXPLICIT, UID.explicit],
    ['UN', IMPLICIT, UID.implicit],
  ] as const) {
    const huge = element(0x00091001, vr, Buffer.alloc(900), syntax, 0xfffffffe);
    const input = new Watched(dicomFile([element(0x00080060, 'CS', 'MR', syntax), huge], uid));
    const records = await readInput(t, input, { deferBytes: 8 * GiB });
    t.true(input.mostAsked <= input.sizeBytes);
    t.is(statusOf(records), 'partial');
    t.like(content(records).at(-1), { path: '00091001', value: null, bulk: true, length: 0xfffffffe });
    t.is(issuesOf(records).at(-1)!.code, 'ERR_TRUNCATED_INPUT');
  }
});

test('a sequence and an item of 4 GiB in a small file are read as far as they go', async (t) => {
  const code = element(0x00080100, 'SH', 'A');
  const huge = element(0x00082112, 'SQ', Buffer.concat([mark(0xe000, 0xfffffffe), code]), EXPLICIT, 0xfffffff0);
  const records = await readBytes(t, dicomFile([huge]));
  t.is(statusOf(records), 'partial');
  t.like(content(records).at(-1), { path: '00082112[0]/00080100', value: 'A' });
});

test('a deflate bomb ends in a limit, behind the records before it', async (t) => {
  const bomb = Buffer.concat([
    element(0x00080060, 'CS', 'MR'),
    element(0x00091001, 'OB', Buffer.alloc(64 * MiB)),
    element(0x00280010, 'US', uint16(7)),
  ]);
  const bytes = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), meta(UID.deflated), deflateRawSync(bomb)]);
  for (const options of [{}, { maxInflateRatio: 50 }, { maxInflateBytes: MiB }]) {
    const records = await readBytes(t, bytes, options);
    t.is(statusOf(records), 'partial');
    t.like(issuesOf(records).at(-1), { code: 'ERR_LIMIT', severity: 'error' });
    t.is(typeof issuesOf(records).at(-1)!.offset, 'number');
    t.deepEqual(
      content(records)
        .slice(-2)
        .map((record) => (record as { path: string }).path),
      ['00080060', '00091001'],
    );
  }
});

test('damaged deflated bytes are an issue, not an error', async (t) => {
  const bytes = Buffer.from(FILES.deflated!.bytes);
  bytes.fill(0xff, bytes.length - 40);
  const records = await readBytes(t, bytes);
  t.is(statusOf(records), 'partial');
  t.true(['ERR_INFLATE', 'ERR_TRUNCATED_INPUT', 'ERR_MALFORMED'].includes(issuesOf(records).at(-1)!.code));
});

for (const [title, sequenceBytes, itemBytes] of [
  ['undefined', 0xffffffff, 0xffffffff],
  ['huge', 0x7ffffffe, 0x7ffffffe],
] as const) {
  test(`1,000,000 nested sequences of ${title} length end in a limit`, async (t) => {
    const count = isCi ? 1_000_000 : 100_000;
    const level = Buffer.concat([element(0x00082112, 'SQ', '', EXPLICIT, sequenceBytes), mark(0xe000, itemBytes)]);
    const records = await readBytes(t, dicomFile([Buffer.alloc(level.length * count, level)]));
    t.is(statusOf(records), 'partial');
    t.is(issuesOf(records).at(-1)!.code, 'ERR_LIMIT');
    t.is(content(records).filter((record) => record.kind === 'object').length, 256);
  });
}

test('nesting as deep as the options allow costs no stack', async (t) => {
  const level = Buffer.concat([element(0x00082112, 'SQ', '', EXPLICIT, 0xffffffff), mark(0xe000, 0xffffffff)]);
  const bytes = dicomFile([Buffer.alloc(level.length * 3000, level)]);
  const records = await readBytes(t, bytes, { maxDepth: Number.POSITIVE_INFINITY });
  t.is(issuesOf(records).at(-1)!.code, 'ERR_TRUNCATED_INPUT');
  t.is(content(records).filter((record) => record.kind === 'object').length, 3000);
});

test('a failing input is an issue behind what was read', async (t) => {
  const bytes = dicomFile([element(0x00080060, 'CS', 'MR'), element(0x00091001, 'OB', Buffer.alloc(100 * KiB))]);
  class Failing extends MemoryInput {
    override read(offset: number, lengthBytes: number): ReturnType<MemoryInput['read']> {
      if (offset > 8 * KiB) throw new Error('the disk is gone');
      return super.read(offset, lengthBytes);
    }
  }
  const last = element(0x00280010, 'US', uint16(1));
  const records: ExtractionRecord[] = [];
  for await (const batch of reader.read(new Failing(Buffer.concat([bytes, last])))) records.push(...batch);
  t.is(statusOf(records), 'partial');
  t.is(issuesOf(records)[0]?.message, 'the disk is gone');
});

test('an abort ends the read with the reason of its signal, while bytes are waited for', async (t) => {
  const controller = new AbortController();
  const endless = new SequentialInput({ pull: () => new Promise(() => {}), close: () => {} }, { name: 'endless' });
  const batches = reader.read(endless, { signal: controller.signal });
  const next = batches.next();
  controller.abort(new Error('enough'));
  await t.throwsAsync(next, { message: 'enough' });
  t.deepEqual(await batches.next(), { done: true, value: undefined });
  await endless.close();
});
