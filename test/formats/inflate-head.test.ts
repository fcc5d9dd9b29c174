import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { inflateHead } from '../../src/formats/inflate-head.ts';

test('the head of a gzip gives the head of what it holds', async (t) => {
  const held = Buffer.from('SIMPLE  =                    T'.repeat(10_000));
  t.deepEqual(await inflateHead(gzipSync(held).subarray(0, 4096), 4096), held.subarray(0, 4096));
});

test('bytes that do not compress give as many as fit', async (t) => {
  const held = randomBytes(100_000);
  const inflated = await inflateHead(gzipSync(held).subarray(0, 4096), 4096);
  t.true(inflated!.length > 4000 && inflated!.length <= 4096);
  t.deepEqual(inflated, held.subarray(0, inflated!.length));
});

test('what is no gzip gives undefined, a damaged one what came before the damage', async (t) => {
  t.is(await inflateHead(Buffer.from('SIMPLE'), 4096), undefined);
  t.is(await inflateHead(Buffer.alloc(0), 4096), undefined);
  t.is((await inflateHead(Buffer.from([0x1f, 0x8b, 8]), 4096))?.length, 0);
  const damaged = gzipSync(randomBytes(100_000)).subarray(0, 4096).fill(0xff, 2000);
  t.true((await inflateHead(damaged, 4096)) !== undefined);
});

test('a bomb is inflated no further than asked', async (t) => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024)).subarray(0, 4096);
  const before = process.memoryUsage().arrayBuffers;
  const inflated = await inflateHead(bomb, 4096);
  t.is(inflated!.length, 4096);
  t.true(process.memoryUsage().arrayBuffers - before < 1024 * 1024);
});
