import test from 'ava';
import type { ExtractionRecord } from '../../../src/records.ts';
import { cpuMs } from '../../support/cpu-time.ts';
import { runs } from '../../support/runs.ts';
import { endOf, h5File, recordsOf, SlowInput, values } from './h5-file.ts';
import {
  attribute,
  dataset,
  dataspace,
  hardLink,
  header,
  INT32,
  linkInfo,
  message,
  RawFile,
  UNDEFINED,
  u16,
  u32,
  u64,
  VLEN_TEXT,
  withChecksum,
} from './raw-file.ts';

/** Three small files: old and new structures, and all that a slice may meet. */
async function smallFiles(): Promise<Buffer[]> {
  const old = await h5File((file) => {
    const group = file.create_group('g');
    group.create_dataset({ name: 'd', data: new Int16Array(40), chunks: [16], compression: 'gzip' });
    group.create_attribute('text', 'hello');
  });
  const modern = await h5File((file) => {
    const group = file.create_group('g');
    group.create_dataset({
      name: 'd',
      data: new Float32Array(40),
      chunks: [16],
      maxshape: [null],
      compression: 'gzip',
    });
    for (let index = 0; index < 12; index++) group.create_attribute(`a${index}`, [index]);
    group.create_attribute('words', ['one', 'two']);
  }, 'latest');
  const raw = new RawFile();
  const numbers = raw.add(Buffer.alloc(400, 1));
  const root = raw.add(
    header(
      linkInfo(),
      hardLink('d', raw.add(dataset(numbers, [100], 400))),
      attribute('x', INT32, dataspace(2), u64(5)),
    ),
  );
  return [old, modern, raw.bytes(root)];
}

/** What a file may end with, however broken: no defect of the reader, and the promises of the record contract. */
function isSound(records: readonly ExtractionRecord[]): boolean {
  const isNumbered = records.every((record, index) => record.seq === index);
  const issues = records.filter((record) => record.kind === 'issue');
  const hasError = issues.some(({ severity }) => severity === 'error');
  const end = endOf(records);
  const isHonest = end.kind === 'end' && (end.status === 'ok') === !hasError;
  return isNumbered && isHonest && records[0]!.kind === 'file' && issues.every(({ code }) => code !== 'ERR_INTERNAL');
}

/** Numbers in [0, 1), the same each time (mulberry32). */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function timed(bytes: Buffer): Promise<{ records: ExtractionRecord[]; elapsedMs: number }> {
  const start = cpuMs();
  const records = await recordsOf(bytes, { slices: { values: true }, fallback: false });
  return { records, elapsedMs: cpuMs() - start };
}

test('a mutated file is read to some end, quickly and soundly', async (t) => {
  const files = await smallFiles();
  const random = seeded(4);
  let slowestMs = 0;
  for (let run = 0; run < runs(10_000); run++) {
    const bytes = Buffer.from(files[run % files.length]!);
    for (let change = 1 + Math.floor(random() * 6); change > 0; change--) {
      const at = Math.floor(random() * bytes.length);
      bytes[at] =
        random() < 0.5 ? Math.floor(random() * 256) : random() < 0.5 ? 0xff : bytes[at]! ^ (1 << (random() * 8));
    }
    const { records, elapsedMs } = await timed(bytes);
    // The machine may be busy: what is slow must be slow again.
    slowestMs = Math.max(slowestMs, elapsedMs < 1000 ? elapsedMs : (await timed(bytes)).elapsedMs);
    if (!isSound(records)) t.fail(`run ${run}: ${JSON.stringify(records.slice(-3))}`);
  }
  t.true(slowestMs < 2000, `${slowestMs} ms`);
});

test('a file cut at any byte is never ok', async (t) => {
  for (const bytes of await smallFiles()) {
    for (let length = 0; length < bytes.length; length++) {
      const records = await recordsOf(bytes.subarray(0, length));
      if (!isSound(records) || endOf(records).status === 'ok') t.fail(`cut at ${length}: ${endOf(records).status}`);
    }
    t.is(endOf(await recordsOf(bytes)).status, 'ok');
  }
});

test('what was found before a cut is there', async (t) => {
  const [, , bytes] = await smallFiles();
  const whole = await recordsOf(bytes!, { slices: true });
  const cut = await recordsOf(bytes!.subarray(0, bytes!.length - 1), { slices: true });
  t.true(cut.length > 2);
  t.is(endOf(whole).status, 'ok');
  t.is(endOf(cut).status, 'failed' === endOf(cut).status ? 'failed' : 'partial');
});

test('a group that contains itself and its parent is met once', async (t) => {
  const file = new RawFile();
  // Both headers have the same length whatever the addresses, so they are known before they are written.
  const inner = (own: number, root: number) => header(linkInfo(), hardLink('self', own), hardLink('up', root));
  const innerAddress = file.nextAddress;
  const rootAddress = innerAddress + inner(0, 0).length;
  file.add(inner(innerAddress, rootAddress));
  file.add(header(linkInfo(), hardLink('group', innerAddress), hardLink('me', rootAddress)));
  const records = await recordsOf(file.bytes(rootAddress));
  t.is(endOf(records).status, 'ok');
  const found = records.flatMap((record) => (record.kind === 'object' ? [`${record.path} ${record.class}`] : []));
  t.deepEqual(found, ['/ group', '/group group', '/group/self link', '/group/up link', '/me link']);
});

test('groups that share their members without counting it end at the size of the file', async (t) => {
  const file = new RawFile();
  let address = file.add(header(linkInfo()));
  // 2^60 paths lead through this file of a few kilobytes.
  for (let level = 0; level < 60; level++) {
    address = file.add(header(linkInfo(), hardLink('a', address), hardLink('b', address)));
  }
  const records = await recordsOf(file.bytes(address));
  t.like(records.at(-2), { kind: 'issue', code: 'ERR_LIMIT' });
  t.is(endOf(records).status, 'partial');
  t.true(records.length < 2000);
});

test('a B-tree node that is its own child is an error', async (t) => {
  const bytes = await h5File((file) => {
    for (let index = 0; index < 400; index++) file.create_group(`group-${index}`);
  });
  // The root node of the tree: level 1, its children are level 0.
  const root = bytes.indexOf(Buffer.from('TREE\x00\x01', 'latin1'));
  t.true(root > 0);
  bytes.writeBigUInt64LE(BigInt(root), root + 32);
  const records = await recordsOf(bytes);
  t.like(
    records.find((record) => record.kind === 'issue'),
    { code: 'ERR_MALFORMED', path: '/' },
  );
  t.is(endOf(records).status, 'partial');
});

test('a fractal heap whose block is its own child is an error', async (t) => {
  const bytes = await h5File((file) => {
    const group = file.create_group('g');
    for (let index = 0; index < 3000; index++) group.create_attribute(`attribute-${index}`, 'x'.repeat(40));
  }, 'latest');
  const { lookup3 } = await import('../../../src/formats/hdf5/checksum.js');
  const block = bytes.indexOf('FHIB');
  // The heaps of attributes have offsets of 40 bits.
  const entries = block + 5 + 8 + 5;
  const count = [...Array(200).keys()].find((n) => {
    const end = entries + n * 8;
    return n > 0 && end + 4 <= bytes.length && bytes.readUInt32LE(end) === lookup3(bytes, block, end);
  });
  t.truthy(count);
  const end = entries + count! * 8;
  for (let at = entries; at < end; at += 8) bytes.writeBigUInt64LE(BigInt(block), at);
  bytes.writeUInt32LE(lookup3(bytes, block, end), end);
  const records = await recordsOf(bytes);
  t.true(isSound(records));
  t.is(endOf(records).status, 'partial');
});

test('a global heap that points to itself, or nowhere, costs one attribute', async (t) => {
  const file = new RawFile();
  const collection = file.nextAddress;
  // An object of the heap that is said to hold the whole heap, and one that reaches beyond it.
  const self = Buffer.concat([u16(1), u16(1), u32(0), u64(16), u32(1), u64(collection), u32(1)]);
  file.add(
    Buffer.concat([Buffer.from('GCOL\x01\0\0\0', 'latin1'), u64(64), self, u16(2), u16(1), u32(0), u64(2 ** 40)]),
  );
  const pointer = (index: number, length: number) => Buffer.concat([u32(length), u64(collection), u32(index)]);
  const nested = Buffer.concat([Buffer.from([0x19, 0, 0, 0]), u32(16), VLEN_TEXT]);
  const root = file.add(
    header(
      linkInfo(),
      attribute('far', VLEN_TEXT, dataspace(), pointer(2, 5)),
      attribute('nested', nested, dataspace(), pointer(1, 1)),
      attribute('missing', VLEN_TEXT, dataspace(), pointer(9, 5)),
      attribute('fine', INT32, dataspace(), u32(3)),
    ),
  );
  const records = await recordsOf(file.bytes(root));
  t.is(values(records).get('/@fine'), 3);
  t.is(endOf(records).status, 'partial');
  t.true(isSound(records));
});

test.serial('lengths that the file only declares are not allocated', async (t) => {
  const file = new RawFile();
  const huge = attribute('huge', INT32, dataspace(2 ** 40), u32(0));
  const flat = dataset(2 ** 41, [2 ** 39], 2 ** 41);
  const root = file.add(header(linkInfo(), huge, hardLink('d', file.add(flat))));
  const before = process.memoryUsage().rss;
  const records = await recordsOf(file.bytes(root), { slices: true });
  t.true(process.memoryUsage().rss - before < 64 * 2 ** 20);
  t.is(endOf(records).status, 'partial');
  t.deepEqual(
    records.flatMap((record) => (record.kind === 'issue' ? [record.code] : [])),
    ['ERR_MALFORMED', 'ERR_TRUNCATED_INPUT'],
  );
});

test('types nested without end, headers that continue in themselves, and wrong checksums are errors', async (t) => {
  const nested = Buffer.concat(
    [...Array(5000).keys()].map(() => Buffer.concat([Buffer.from([0x19, 0, 0, 0]), u32(16)])),
  );
  const deep = new RawFile();
  const deepRoot = deep.add(header(linkInfo(), attribute('deep', nested, dataspace(), Buffer.alloc(16))));
  t.like((await recordsOf(deep.bytes(deepRoot))).at(-2), { code: 'ERR_MALFORMED' });

  const loop = new RawFile();
  const block = loop.nextAddress;
  const length = 4 + 4 + 16 + 4;
  const next = message(0x10, Buffer.concat([u64(block), u64(length)]));
  loop.add(withChecksum(Buffer.concat([Buffer.from('OCHK'), next])));
  const loopRoot = loop.add(header(linkInfo(), next));
  t.like((await recordsOf(loop.bytes(loopRoot))).at(-2), { code: 'ERR_MALFORMED' });

  const wrong = new RawFile();
  const bytes = header(linkInfo());
  bytes[bytes.length - 1]! ^= 1;
  t.like((await recordsOf(wrong.bytes(wrong.add(bytes)))).at(-2), { code: 'ERR_CHECKSUM' });
});

test('an input that shrinks while it is read is an error', async (t) => {
  const [bytes] = await smallFiles();
  const input = new SlowInput(bytes!);
  const read = input.read.bind(input);
  input.read = async (offset, lengthBytes) => {
    const chunk = await read(offset, lengthBytes);
    return { ...chunk, bytes: chunk.bytes.subarray(0, lengthBytes / 2) };
  };
  const records = await recordsOf(input);
  t.is(endOf(records).status, 'failed');
  t.like(records[1], { code: 'ERR_TRUNCATED_INPUT' });
});

test('links lead nowhere by themselves: undefined and outside addresses are issues of their path', async (t) => {
  const file = new RawFile();
  const lost = hardLink('lost', 0);
  UNDEFINED.copy(lost, lost.length - 8);
  const root = file.add(header(linkInfo(), lost, hardLink('outside', 2 ** 50), hardLink('zero', 0)));
  const records = await recordsOf(file.bytes(root));
  t.deepEqual(
    records.flatMap((record) => (record.kind === 'issue' ? [record.path] : [])),
    ['/lost', '/outside', '/zero'],
  );
  t.true(isSound(records));
});
