import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import test from 'ava';
import fc from 'fast-check';
import { type Chunk, unpooledChunk } from '../../../src/bytes/chunk.ts';
import { openFile } from '../../../src/bytes/file-input.ts';
import type { Input } from '../../../src/bytes/input.ts';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { openInput } from '../../../src/bytes/open-input.ts';
import { binaryFormat } from '../../../src/formats/binary/format.ts';
import type { BinaryOptions } from '../../../src/formats/binary/options.ts';
import { reader } from '../../../src/formats/binary/reader.ts';
import type { ExtractionRecord } from '../../../src/records.ts';
import { runs } from '../../support/runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidegate-binary-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

function tempFile(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function recordsOf(input: Input, options: BinaryOptions = {}): Promise<ExtractionRecord[]> {
  const records: ExtractionRecord[] = [];
  for await (const batch of reader.read(input, options)) records.push(...batch);
  await input.close();
  return records;
}

/** What must not depend on the kind of input: all but its name, time and the run's own figures. */
function findings(records: readonly ExtractionRecord[]): object[] {
  return records.slice(1, -1).map(({ file: _, ...rest }) => rest);
}

/** Front to back only, from a source that answers later; counts its open chunks. */
class SequentialInput implements Input {
  readonly name = 'pipe:';
  readonly sizeBytes = undefined;
  readonly mtime = undefined;
  readonly isSeekable = false;
  bytesRead = 0;
  openChunks = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes);
  }

  async read(offset: number, lengthBytes: number, signal?: AbortSignal): Promise<Chunk> {
    if (offset < this.bytesRead) throw new Error(`read at ${offset}, behind ${this.bytesRead}`);
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    const bytes = Buffer.from(this.#bytes.subarray(offset, offset + lengthBytes));
    this.bytesRead = offset + bytes.length;
    this.openChunks++;
    return {
      ...unpooledChunk(bytes, offset),
      release: () => {
        this.openChunks--;
        bytes.fill(0xee); // whoever keeps them beyond the release reads rubbish
      },
    };
  }

  close(): void {}
}

test('without options: the file, its signature, the end', async (t) => {
  const bytes = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), randomBytes(10_000)]);
  const path = tempFile('picture', bytes);
  const records = await recordsOf(openFile(path));
  t.is(records.length, 3);
  const [file, signature, end] = records;
  t.like(file, { file: path, format: 'binary', seq: 0, kind: 'file', size: bytes.length });
  t.deepEqual(signature, {
    file: path,
    format: 'binary',
    seq: 1,
    kind: 'field',
    path: 'format/signature',
    key: 'signature',
    name: 'signature',
    dtype: 'string',
    value: 'image/png',
    comment: 'PNG',
    offset: 0,
    length: 8,
  });
  t.like(end, { kind: 'end', status: 'ok', records: 3, bytesRead: 4096 });
});

test('bytes that nobody knows have the signature null', async (t) => {
  const [, signature] = await recordsOf(new MemoryInput(Buffer.from([0xfe, 0, 1, 2])));
  t.like(signature, { path: 'format/signature', value: null });
  t.false('offset' in signature!);
});

test('the optional package file-type knows more', async (t) => {
  const midi = Buffer.from('MThd\0\0\0\x06\0\0\0\x01', 'latin1');
  const [, signature] = await recordsOf(new MemoryInput(midi), { signature: 'file-type' });
  t.like(signature, { path: 'format/signature', value: 'audio/midi', comment: 'mid' });
  const [, unknown] = await recordsOf(new MemoryInput(Buffer.from([0xfe, 0])), { signature: 'file-type' });
  t.like(unknown, { path: 'format/signature', value: null });
});

test('a sample has the statistics of its bytes', async (t) => {
  const bytes = Buffer.concat([Buffer.alloc(4, 7), Buffer.from([0, 255, 0, 255]), Buffer.from([1, 2])]);
  const records = await recordsOf(new MemoryInput(bytes), { sampleBytes: 4, signature: 'none' });
  t.deepEqual(
    records
      .slice(1, -1)
      .map((record) => (record.kind === 'sample' ? [record.index, record.offset, record.length] : [])),
    [
      [0, 0, 4],
      [1, 4, 4],
      [2, 8, 2],
    ],
  );
  t.deepEqual(
    records.slice(1, -1).map((record) => record.kind === 'sample' && record.value),
    [
      { entropy: 0, min: 7, max: 7, mean: 7, distinct: 1, zeroRatio: 0 },
      { entropy: 1, min: 0, max: 255, mean: 127.5, distinct: 2, zeroRatio: 0.5 },
      { entropy: 1, min: 1, max: 2, mean: 1.5, distinct: 2, zeroRatio: 0 },
    ],
  );
});

test('sampleBytes: Infinity makes one sample of all, with its histogram on request', async (t) => {
  const bytes = Buffer.alloc(300_000, 5);
  const options = { sampleBytes: Number.POSITIVE_INFINITY, histogram: true, signature: 'none' } as const;
  const [, sample, end] = await recordsOf(new MemoryInput(bytes), options);
  t.like(sample, { kind: 'sample', index: 0, offset: 0, length: 300_000 });
  const { histogram } = (sample as { value: unknown }).value as { histogram: number[] };
  t.deepEqual(
    histogram,
    Array.from({ length: 256 }, (_, byte) => (byte === 5 ? 300_000 : 0)),
  );
  t.is(end!.kind, 'end');
});

test('an empty input has a signature, no sample, and the digest of nothing', async (t) => {
  const records = await recordsOf(new MemoryInput(new Uint8Array()), { sampleBytes: 4, digests: ['sha256'] });
  t.deepEqual(
    records.map(({ kind }) => kind),
    ['file', 'field', 'field', 'end'],
  );
  t.like(records[2], { value: createHash('sha256').digest('hex') });
  t.like(records[3], { status: 'ok', records: 4 });
});

test('the findings are the same for every input, read size and batch size', async (t) => {
  const cases = fc.record({
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 4000, max: 9000 }).map((n) => randomBytes(n)),
    ),
    sampleBytes: fc.integer({ min: 16, max: 5000 }),
    chunkBytes: fc.integer({ min: 64, max: 10_000 }),
    batchCount: fc.integer({ min: 1, max: 20 }),
  });
  let count = 0;
  const property = fc.asyncProperty(cases, async ({ bytes, sampleBytes, chunkBytes, batchCount }) => {
    const path = tempFile(`property-${count++ % 4}`, bytes);
    const options: BinaryOptions = { sampleBytes, digests: ['sha256', 'crc32'], histogram: true };
    const expected = findings(await recordsOf(new MemoryInput(bytes), options));
    t.is(expected.length, 1 + Math.ceil(bytes.length / sampleBytes) + 2);
    const changed = { ...options, chunkBytes, batchCount };
    const pipe = new SequentialInput(bytes);
    const others = [new Blob([bytes]), Readable.from(pieces(bytes, chunkBytes))].map((source) => openInput(source));
    const files = [openFile(path), openFile(path, { isSync: true })];
    for (const input of [new MemoryInput(bytes), ...files, ...(await Promise.all(others)), pipe]) {
      t.deepEqual(findings(await recordsOf(input, changed)), expected);
    }
    t.is(pipe.openChunks, 0);
  });
  await fc.assert(property, { numRuns: runs(500) });
});

function* pieces(bytes: Uint8Array, pieceBytes: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes);
}

test('batches hold no more records than asked', async (t) => {
  const sizes: number[] = [];
  const options = { sampleBytes: 1, batchCount: 10, chunkBytes: 1000 };
  for await (const batch of reader.read(new MemoryInput(new Uint8Array(5000)), options)) sizes.push(batch.length);
  t.is(Math.max(...sizes), 10);
  t.is(
    sizes.reduce((a, b) => a + b),
    5003,
  );
});

test('a file that shrinks while it is read is reported, behind what was found', async (t) => {
  const path = tempFile('shrinking', randomBytes(100_000));
  const input = openFile(path);
  const records: ExtractionRecord[] = [];
  for await (const batch of reader.read(input, { sampleBytes: 1000, batchCount: 1, chunkBytes: 1000 })) {
    if (records.length === 10) truncateSync(path, 50_000);
    records.push(...batch);
  }
  await input.close();
  const [issue, end] = records.slice(-2);
  t.like(issue, { kind: 'issue', code: 'ERR_INPUT_CHANGED', severity: 'error', offset: 50_000 });
  t.like(end, { kind: 'end', status: 'partial' });
  t.false(records.some((record) => record.kind === 'field' && record.name === 'sha256'));
});

test('a failing read is an issue, and what came before it stays', async (t) => {
  class Failing extends SequentialInput {
    override async read(offset: number, lengthBytes: number, signal?: AbortSignal): Promise<Chunk> {
      if (offset > 20_000) throw new Error('cable pulled');
      return super.read(offset, lengthBytes, signal);
    }
  }
  const input = new Failing(randomBytes(100_000));
  const records = await recordsOf(input, { sampleBytes: 1000, chunkBytes: 1000 });
  t.like(records.at(-2), { kind: 'issue', severity: 'error', message: 'cable pulled' });
  t.like(records.at(-1), { status: 'partial' });
  t.true(records.filter(({ kind }) => kind === 'sample').length >= 19);
  t.is(input.openChunks, 0);
});

test('a pipe that breaks off inside the head is no whole input', async (t) => {
  class Broken extends SequentialInput {
    override async read(offset: number, lengthBytes: number, signal?: AbortSignal): Promise<Chunk> {
      if (offset >= 100) throw new Error('cable pulled');
      return super.read(offset, lengthBytes, signal);
    }
  }
  for (const options of [{}, { digests: ['md5'] }] as const) {
    const input = new Broken(Buffer.alloc(100, 'a'));
    const records = await recordsOf(input, options);
    t.deepEqual(
      records.map(({ kind }) => kind),
      ['file', 'field', 'issue', 'end'],
    );
    t.like(records[1], { value: 'text/plain' });
    t.like(records[3], { status: 'partial' });
    t.is(input.openChunks, 0);
  }
});

test('whoever leaves early gives back what was read ahead', async (t) => {
  const input = new SequentialInput(randomBytes(100_000));
  for await (const batch of reader.read(input, { sampleBytes: 1000, chunkBytes: 1000, batchCount: 1 })) {
    if (batch[0]!.kind === 'sample') break;
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
  t.is(input.openChunks, 0);
});

test('an abort ends the read with the reason, also between synchronous reads', async (t) => {
  const controller = new AbortController();
  const options = { sampleBytes: Number.POSITIVE_INFINITY, signal: controller.signal };
  const reading = recordsOf(new MemoryInput(new Uint8Array(256 * 1024 * 1024)), options);
  setImmediate(() => controller.abort(new Error('enough')));
  await t.throwsAsync(reading, { message: 'enough' });
});

test('maxRecords ends the file with an issue', async (t) => {
  const records = await recordsOf(new MemoryInput(new Uint8Array(10_000)), { sampleBytes: 1, maxRecords: 100 });
  t.like(records.at(-2), { kind: 'issue', code: 'ERR_LIMIT' });
  t.is(records.length, 103);
});

test('a wrong option throws at the call and is named', (t) => {
  const input = new MemoryInput(new Uint8Array(1));
  const wrong: [BinaryOptions, string][] = [
    [{ sampleBytes: 0 }, 'sampleBytes'],
    [{ sampleBytes: Number.NaN }, 'sampleBytes'],
    [{ chunkBytes: -1 }, 'chunkBytes'],
    [{ digests: ['sha257' as 'sha256'] }, 'digests'],
    [{ signature: 'guess' as 'table' }, 'signature'],
  ];
  for (const [options, name] of wrong) {
    const error = t.throws(() => reader.read(input, options), { code: 'ERR_OPTION' });
    t.true(error?.message.includes(name), error?.message);
  }
});

test('the descriptor loads this reader', async (t) => {
  t.is(await binaryFormat.load(), reader);
  t.is(binaryFormat.name, 'binary');
});
