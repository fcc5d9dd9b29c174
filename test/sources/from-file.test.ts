import { createHash, randomBytes } from 'node:crypto';
import test from 'ava';
import * as rx from 'rxjs';
import { drain, fromFile, KiB, MemoryBudget } from '../../src/index.ts';
import { tempFile } from '../support/temp.ts';

test('the chunks are the bytes of the file, of the size asked for', async (t) => {
  const bytes = randomBytes(300 * KiB + 17);
  const path = await tempFile(t, bytes);
  const hash = createHash('sha256');
  const sizes: number[] = [];
  await drain(fromFile(path, { chunkBytes: 64 * KiB }), (chunk) => {
    hash.update(chunk.bytes);
    sizes.push(chunk.bytes.length);
    chunk.release();
  });
  t.is(hash.digest('hex'), createHash('sha256').update(bytes).digest('hex'));
  t.deepEqual(sizes, [...Array(4).fill(64 * KiB), 44 * KiB + 17]);
});

test('chunks that adapt have sizes between the bounds, and the bytes are those of the file', async (t) => {
  const bytes = randomBytes(9 * 1024 * KiB + 5);
  const hash = createHash('sha256');
  const sizes: number[] = [];
  await drain(fromFile(await tempFile(t, bytes), { chunkBytes: 'auto' }), (chunk) => {
    hash.update(chunk.bytes);
    sizes.push(chunk.bytes.length);
    chunk.release();
  });
  t.is(hash.digest('hex'), createHash('sha256').update(bytes).digest('hex'));
  t.true(new Set(sizes).size > 2, 'more than one size was tried');
  t.true(sizes.slice(0, -1).every((size) => size >= 256 * KiB && size <= 1024 * KiB));
  t.throws(() => fromFile('x', { chunkBytes: 'large' as 'auto' }), { code: 'ERR_OPTION' });
});

test('a range of a file', async (t) => {
  const bytes = randomBytes(1000);
  const parts: Buffer[] = [];
  await drain(fromFile(bytes, { offset: 100, lengthBytes: 250, chunkBytes: 100 }), ({ bytes: part, release }) => {
    parts.push(Buffer.from(part));
    release();
  });
  t.deepEqual(
    parts.map((part) => part.length),
    [100, 100, 50],
  );
  t.deepEqual(Buffer.concat(parts), bytes.subarray(100, 350));
});

test('a slow sink holds the reader to the budget', async (t) => {
  const budget = new MemoryBudget(4 * KiB);
  const input = await tempFile(t, randomBytes(256 * KiB));
  let peakBytes = 0;
  const report = await drain(fromFile(input, { budget, chunkBytes: KiB }), async (chunk) => {
    peakBytes = Math.max(peakBytes, budget.usedBytes);
    await new Promise((resolve) => setImmediate(resolve));
    chunk.release();
  });
  t.is(report.items, 256);
  t.true(peakBytes <= 4 * KiB && peakBytes > 0);
  t.is(budget.usedBytes, 0);
});

test('a chunk that was read for a subscriber who has left goes back', async (t) => {
  const budget = new MemoryBudget(64 * KiB);
  const input = await tempFile(t, randomBytes(256 * KiB));
  const first = fromFile(input, { budget, chunkBytes: KiB }).pipe(rx.take(1));
  await drain(first, (chunk) => chunk.release(), { highWaterMark: 1 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.is(budget.usedBytes, 0);
});

test('wrong options are refused at the call', (t) => {
  t.throws(() => fromFile('x', { chunkBytes: 0 }), { code: 'ERR_OPTION', message: /chunkBytes/ });
  t.throws(() => fromFile('x', { offset: -1 }), { code: 'ERR_OPTION', message: /offset/ });
});
