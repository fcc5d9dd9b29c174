import test from 'ava';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { TidegateError } from '../../../src/errors.ts';
import { cdl } from '../../../src/formats/netcdf/cdl.ts';
import { runs } from '../../support/runs.ts';
import { type ClassicContent, classicFile } from './classic-file.ts';
import { inTime } from './in-time.ts';
import { mutate } from './mutate.ts';
import { end, issues, objects, PipeInput, readAll } from './read.ts';

const RUNS = runs(10_000);

const CONTENT: ClassicContent = {
  recordCount: 2,
  dimensions: [
    ['x', 3],
    ['time', 0],
  ],
  attributes: [
    ['title', 'char', 'some text'],
    ['range', 'double', [0, 1.5]],
  ],
  variables: [
    {
      name: 'temp',
      type: 'short',
      dimensions: [1, 0],
      values: [1, 2, 3, 4, 5, 6],
      attributes: [['units', 'char', 'K']],
    },
    {
      name: 'time',
      type: 'int',
      dimensions: [1],
      values: [0, 1],
      attributes: [['units', 'char', 'days since 1990-1-1']],
    },
    { name: 'x', type: 'float', dimensions: [0], values: [0, 1, 2] },
  ],
};
const FILES = [
  classicFile({ ...CONTENT, version: 1 }),
  classicFile({ ...CONTENT, version: 2 }),
  classicFile({ ...CONTENT, version: 5, recordCount: 'streaming' }),
];

test(`${RUNS} mutants give records, and an issue of tidegate where they are wrong, in time`, async (t) => {
  let partialCount = 0;
  for (let seed = 0; seed < RUNS; seed++) {
    const mutant = mutate(FILES[seed % FILES.length]!, seed);
    const records = await inTime(`seed ${seed}`, () =>
      readAll(mutant, { slices: { values: seed % 2 === 0 }, cf: seed % 3 === 0 }),
    );
    t.is(records[0]!.kind, 'file');
    t.is(records.at(-1)!.kind, 'end');
    records.forEach((record, index) => {
      if (record.seq !== index) t.fail(`seed ${seed}: seq`);
    });
    const internal = issues(records).find((issue) => issue.code === 'ERR_INTERNAL');
    t.is(internal, undefined, `seed ${seed}: ${internal?.message}`);
    if (end(records).status !== 'ok') partialCount++;
    t.notThrows(() => JSON.stringify(records));
  }
  t.true(partialCount > RUNS / 4, 'most mutations can be seen');
});

test('the CDL of mutants ends, or throws an error of tidegate', async (t) => {
  for (let seed = 0; seed < RUNS / 10; seed++) {
    try {
      for await (const _ of cdl(new MemoryInput(mutate(FILES[seed % FILES.length]!, seed))));
    } catch (error) {
      t.true(error instanceof TidegateError, `seed ${seed}: ${error}`);
    }
  }
  t.pass();
});

test('a file that is cut at any byte is never ok without a word', async (t) => {
  for (const file of FILES) {
    for (let length = 0; length < file.length; length++) {
      const records = await readAll(file.subarray(0, length));
      // Without a record count a cut between two records cannot be seen.
      const isWholeRecord = file === FILES[2] && (file.length - length) % 12 === 0 && objects(records).length === 5;
      if (!isWholeRecord) t.true(issues(records).length > 0, `${length} of ${file.length} bytes`);
      t.deepEqual(
        issues(records).filter((issue) => issue.code === 'ERR_INTERNAL'),
        [],
      );
    }
  }
});

test('what stands before the cut is kept', async (t) => {
  const [file] = FILES as [Buffer];
  const records = await readAll(file.subarray(0, file.length - 10));
  t.is(end(records).status, 'partial');
  t.is(objects(records).length, 5);
  t.is(end(await readAll(Buffer.alloc(0))).status, 'failed');
  t.is(end(await readAll(Buffer.from('CDF\x01'))).status, 'failed');
});

for (const version of [1, 2, 5] as const) {
  test(`CDF-${version}: counts of 2^32 - 1 take neither time nor memory`, async (t) => {
    const file = classicFile({ ...CONTENT, version, recordCount: 2 });
    const width = version === 5 ? 8 : 4;
    // The count of dimensions, the length of the first name, its length, and so on: each byte position in turn.
    for (let at = 4; at + width <= file.length; at += 4) {
      const mutant = Buffer.from(file);
      mutant.writeUInt32BE(0xffffffff, at + width - 4);
      const records = await inTime(`byte ${at}`, () => readAll(mutant, { slices: true }));
      t.deepEqual(
        issues(records).filter((issue) => issue.code === 'ERR_INTERNAL'),
        [],
        `byte ${at}`,
      );
    }
  });
}

test('a header that declares 2^32 - 1 dimensions gives those that are there', async (t) => {
  const file = Buffer.concat([
    Buffer.from('CDF\x01\0\0\0\0\0\0\0\x0a\xff\xff\xff\xff', 'latin1'),
    Buffer.from('\0\0\0\x01x\0\0\0\0\0\0\x05', 'latin1'),
  ]);
  for (const input of [new MemoryInput(file), new PipeInput(file, 3)]) {
    const records = await readAll(input);
    t.deepEqual(
      objects(records).map((object) => object.path),
      ['/x'],
    );
    t.is(end(records).status, 'partial');
    t.is(issues(records)[0]!.code, 'ERR_TRUNCATED_INPUT');
  }
});

test('more dimensions than can be held are refused', async (t) => {
  const dimension = Buffer.from('\0\0\0\x01x\0\0\0\0\0\0\x05', 'latin1');
  const start = Buffer.from('CDF\x01\0\0\0\0\0\0\0\x0a\xff\xff\xff\xff', 'latin1');
  const file = Buffer.concat([start, ...Array.from({ length: 100_001 }, () => dimension)]);
  const records = await readAll(file);
  t.is(issues(records).at(-1)!.code, 'ERR_LIMIT');
  t.is(objects(records).length, 100_000);
});

test('a variable whose data lie in the header, or over those of another, is seen', async (t) => {
  const content: ClassicContent = {
    variables: [
      { name: 'a', type: 'double', values: [1] },
      { name: 'b', type: 'double', values: [2] },
    ],
  };
  const file = classicFile(content);
  const beginOfA = file.indexOf(Buffer.from('\0\0\0\x06\0\0\0\x08', 'latin1')) + 8;
  for (const [at, begin] of [
    [beginOfA, 8],
    [beginOfA, file.length - 12],
  ] as const) {
    const mutant = Buffer.from(file);
    mutant.writeUInt32BE(begin, at);
    const records = await readAll(mutant);
    t.is(issues(records)[0]!.code, 'ERR_MALFORMED');
    t.is(end(records).status, 'partial');
  }
});

test('records without bytes are not counted one by one', async (t) => {
  const file = classicFile({
    recordCount: 0,
    dimensions: [
      ['time', 0],
      ['none', 0],
    ],
    variables: [{ name: 'v', type: 'byte', dimensions: [0, 1], values: [] }],
  });
  file.writeUInt32BE(0xfffffffe, 4);
  t.is(end(await inTime('records', () => readAll(file, { slices: true }))).status, 'ok');
});
