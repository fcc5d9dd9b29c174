import test from 'ava';
import fc from 'fast-check';
import type { ByteSource } from '../../src/bytes/byte-source.ts';
import type { Chunk } from '../../src/bytes/chunk.ts';
import { Cursor } from '../../src/bytes/cursor.ts';
import { type Input, isPromise } from '../../src/bytes/input.ts';
import { MemoryInput } from '../../src/bytes/memory-input.ts';
import { SequentialInput } from '../../src/bytes/sequential-input.ts';
import { BufferPool } from '../../src/memory/buffer-pool.ts';
import { testRuns } from '../support/test-runs.ts';

/** The same bytes, but each read has to be awaited. */
function later(bytes: Buffer): Input {
  const input = new MemoryInput(bytes);
  const read = async (offset: number, lengthBytes: number): Promise<Chunk> => input.read(offset, lengthBytes);
  return { name: 'later', sizeBytes: bytes.length, mtime: undefined, isSeekable: true, bytesRead: 0, read, close() {} };
}

function pipe(bytes: Buffer, pieceBytes: number, failure?: Error, pool?: BufferPool): SequentialInput {
  let offset = 0;
  const source: ByteSource = {
    pull() {
      if (offset >= bytes.length && failure) throw failure;
      const piece = bytes.subarray(offset, (offset += pieceBytes));
      return piece.length === 0 ? undefined : piece;
    },
    close() {},
  };
  return new SequentialInput(source, { name: 'pipe', pool });
}

test('every kind of field is read as DataView reads it, in both byte orders', (t) => {
  const bytes = Buffer.from('80ff018000007f8081c0490fdbc00921fb54442d18fffffffffffffffe7fffffffffffffff', 'hex');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const little of [false, true]) {
    const cursor = new Cursor(new MemoryInput(bytes));
    cursor.fill(bytes.length);
    t.is(cursor.uint8(), view.getUint8(0));
    t.is(cursor.int8(), view.getInt8(1));
    t.is(cursor.uint16(little), view.getUint16(2, little));
    t.is(cursor.int16(little), view.getInt16(4, little));
    t.is(cursor.uint32(little), view.getUint32(6, little));
    t.is(cursor.int32(little), view.getInt32(10, little));
    cursor.seek(9);
    t.is(cursor.float32(little), view.getFloat32(9, little));
    t.is(cursor.float64(little), view.getFloat64(13, little));
    t.is(cursor.int64(little), view.getBigInt64(21, little));
    t.is(cursor.uint64(little), view.getBigUint64(29, little));
    t.is(cursor.offset, 37);
    t.is(cursor.remainingBytes, 0);
  }
});

test('text, bytes, peek, skip and seek keep count of the place', (t) => {
  const cursor = new Cursor(new MemoryInput(Buffer.from('GRP\xe9 data, and more', 'latin1')), { offset: 0 });
  cursor.fill(10);
  t.is(cursor.peek(), 0x47);
  t.is(cursor.ascii(4), 'GRPé');
  cursor.skip(1);
  t.is(cursor.bytes(4).toString(), 'data');
  cursor.seek(0);
  t.is(cursor.ascii(3), 'GRP');
  cursor.seek(15);
  t.is(cursor.offset, 15);
  cursor.fill(4);
  t.is(cursor.ascii(4), 'more');
  t.is(cursor.peek(), undefined);
  cursor.close();
});

test('an input that answers at once is filled at once', (t) => {
  const bytes = Buffer.alloc(100);
  t.false(isPromise(new Cursor(new MemoryInput(bytes)).fill(100)));
  t.true(isPromise(new Cursor(later(bytes)).fill(100)));
});

test('fields that were not filled are refused, and never a RangeError', (t) => {
  const cursor = new Cursor(new MemoryInput(Buffer.alloc(10)));
  t.throws(() => cursor.uint8(), { code: 'ERR_INTERNAL' });
  cursor.fill(3);
  cursor.skip(9);
  for (const read of ['uint32', 'float64', 'int64', 'uint16'] as const)
    t.throws(() => cursor[read](), { code: 'ERR_INTERNAL' });
  cursor.skip(100);
  t.is(cursor.remainingBytes, 0);
  t.throws(() => cursor.bytes(1), { code: 'ERR_INTERNAL' });
});

test('an input that ends too early is an ERR_TRUNCATED_INPUT with offset and need', async (t) => {
  for (const input of [new MemoryInput(Buffer.alloc(10)), later(Buffer.alloc(10)), pipe(Buffer.alloc(10), 3)]) {
    const cursor = new Cursor(input, { offset: 4, windowBytes: 2 });
    const error = await t.throwsAsync(async () => cursor.fill(7), { code: 'ERR_TRUNCATED_INPUT' });
    t.like(error, { offset: 4, facts: { neededBytes: 7 } });
    t.is(await cursor.fillUpTo(7), 6);
    cursor.close();
    await input.close();
  }
});

test('an input that fails is told as it failed', async (t) => {
  const input = pipe(Buffer.alloc(10), 3, new Error('wire cut'));
  const cursor = new Cursor(input);
  await t.throwsAsync(async () => cursor.fill(20), { code: 'ERR_INPUT_READ', message: /wire cut/ });
  cursor.close();
  await input.close();
});

test('fields do not depend on the window, the pieces, or how the input answers, and no memory stays out', async (t) => {
  const step = fc.oneof(
    fc.record({ kind: fc.constantFrom('uint8', 'uint16', 'uint32', 'float64') }),
    fc.record({ kind: fc.constant('bytes' as const), count: fc.nat({ max: 300 }) }),
    fc.record({ kind: fc.constant('skip' as const), count: fc.nat({ max: 3000 }) }),
  );
  const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 31) & 0xff));
  const trail = async (input: Input, steps: { kind: string; count?: number }[], windowBytes: number) => {
    const cursor = new Cursor(input, { windowBytes });
    const seen: unknown[] = [];
    for (const { kind, count = { uint8: 1, uint16: 2, uint32: 4, float64: 8 }[kind]! } of steps) {
      if (kind === 'skip') cursor.skip(count);
      else if (cursor.offset + count > bytes.length) break;
      else {
        if (cursor.remainingBytes < count) await cursor.fill(count);
        seen.push(kind === 'bytes' ? cursor.bytes(count).toString('hex') : cursor[kind as 'uint8']());
      }
      seen.push(cursor.offset);
    }
    cursor.close();
    await input.close();
    return JSON.stringify(seen);
  };
  const sizes = fc.integer({ min: 1, max: 5000 });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), sizes, sizes, async (steps, windowBytes, pieceBytes) => {
      const pool = new BufferPool();
      const expected = await trail(new MemoryInput(bytes), steps, bytes.length);
      for (const input of [new MemoryInput(bytes), later(bytes), pipe(bytes, pieceBytes, undefined, pool)]) {
        if ((await trail(input, steps, windowBytes)) !== expected) throw new Error(`${input.name} gave other fields`);
      }
      if (pool.stats().inUse !== 0) throw new Error('memory stayed out');
    }),
    { numRuns: testRuns(1000) },
  );
  t.pass();
});
