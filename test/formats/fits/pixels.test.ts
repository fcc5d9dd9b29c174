import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { KERNEL_BASE64, KERNEL_SOURCE_SHA256 } from '../../../src/formats/fits/kernel/statistics-wasm.ts';
import { type ImageSlab, readImage } from '../../../src/formats/fits/read-image.ts';
import { testRuns } from '../../support/test-runs.ts';
import { card, end, image, issues, records, samples, table } from './build.ts';

type Writer = (view: DataView, at: number, value: number) => void;
const WRITERS: Readonly<Record<number, Writer>> = {
  8: (view, at, value) => view.setUint8(at, value),
  16: (view, at, value) => view.setInt16(at, value),
  32: (view, at, value) => view.setInt32(at, value),
  64: (view, at, value) => view.setBigInt64(at, BigInt(value)),
  [-32]: (view, at, value) => view.setFloat32(at, value),
  [-64]: (view, at, value) => view.setFloat64(at, value),
};

function pixels(bitpix: number, values: readonly number[]): Buffer {
  const width = Math.abs(bitpix) / 8;
  const bytes = Buffer.alloc(values.length * width);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const [i, value] of values.entries()) WRITERS[bitpix]!(view, i * width, value);
  return bytes;
}

interface Moments {
  valid: number;
  min: number;
  max: number;
  mean: number;
  std: number;
}

function naive(values: readonly number[]): Moments {
  const used = values.filter((value) => !Number.isNaN(value));
  const mean = used.reduce((sum, value) => sum + value, 0) / used.length;
  const std = Math.sqrt(used.reduce((sum, value) => sum + (value - mean) ** 2, 0) / used.length);
  return { valid: used.length, min: Math.min(...used), max: Math.max(...used), mean, std };
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

function isSame(seen: Moments, expected: Moments): boolean {
  if (expected.valid === 0) return seen.valid === 0 && seen.min === null;
  return (
    seen.valid === expected.valid &&
    seen.min === expected.min &&
    seen.max === expected.max &&
    isNear(seen.mean, expected.mean) &&
    isNear(seen.std, expected.std)
  );
}

const RANGES: Readonly<Record<number, fc.Arbitrary<number>>> = {
  8: fc.integer({ min: 0, max: 255 }),
  16: fc.integer({ min: -32768, max: 32767 }),
  32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  64: fc.integer({ min: -(2 ** 50), max: 2 ** 50 }),
  [-32]: fc.oneof(fc.float({ noDefaultInfinity: true, min: -(2 ** 60), max: 2 ** 60 }), fc.constant(Number.NaN)),
  [-64]: fc.oneof(fc.double({ noDefaultInfinity: true, min: -1e100, max: 1e100 }), fc.constant(Number.NaN)),
};

test('statistics of each type are those of a plain loop, for any length', async (t) => {
  for (const bitpix of [8, 16, 32, 64, -32, -64]) {
    await fc.assert(
      fc.asyncProperty(fc.array(RANGES[bitpix]!, { minLength: 1, maxLength: 200 }), async (values) => {
        const [sample] = samples(
          await records(image(bitpix, [values.length], pixels(bitpix, values)), { pixels: true }),
        );
        return isSame(sample!.value as never, naive(values));
      }),
      { numRuns: testRuns(200) },
    );
  }
  t.pass();
});

test('BLANK does not count, in vectors as in what is left over', async (t) => {
  for (const bitpix of [8, 16, 32, 64]) {
    const values = Array.from({ length: 77 }, (_, i) => (i % 5 === 0 ? 9 : i));
    const bytes = image(bitpix, [77], pixels(bitpix, values), card('BLANK', 9));
    const [sample] = samples(await records(bytes, { pixels: true }));
    t.true(isSame(sample!.value as never, naive(values.filter((value) => value !== 9))), String(bitpix));
  }
});

test('a BLANK out of range, or of floating-point pixels, stands for nothing', async (t) => {
  const bytes = image(8, [16], Buffer.alloc(16, 7), card('BLANK', -249));
  t.like(samples(await records(bytes, { pixels: true }))[0], { value: { valid: 16, min: 7 } });
});

test('the variance keeps its digits where the mean is large', async (t) => {
  const values = Array.from({ length: 100_000 }, (_, i) => 1e9 + (i % 2));
  const [sample] = samples(await records(image(-64, [100_000], pixels(-64, values)), { pixels: true }));
  t.true(Math.abs((sample!.value as { std: number }).std - 0.5) < 1e-6);
});

test('statistics are of physical values, exact for 64 bits', async (t) => {
  const scaled = image(16, [4], pixels(16, [-1, 0, 1, 2]), card('BSCALE', -2), card('BZERO', 10));
  t.like(samples(await records(scaled, { pixels: true }))[0], { value: { min: 6, max: 12, mean: 9 } });
  const unsigned = image(
    64,
    [2],
    Buffer.from('7fffffffffffffff8000000000000000', 'hex'),
    card('BZERO', 9223372036854775808n),
  );
  t.like(samples(await records(unsigned, { pixels: true }))[0], { value: { min: 0, max: '18446744073709551615' } });
});

test('slabs are whole rows, and the last carries the statistics of all', async (t) => {
  const values = Array.from({ length: 50 }, (_, i) => i);
  const all = samples(await records(image(32, [5, 10], pixels(32, values)), { pixels: { slabPixels: 20 } }));
  t.deepEqual(
    all.map(({ index, offset, length }) => [index, offset, length]),
    [
      [0, 2880, 80],
      [1, 2960, 80],
      [2, 3040, 40],
    ],
  );
  t.like(all[2], { value: { pixel: 40, pixels: 10, mean: 44.5, running: { valid: 50, min: 0, max: 49, mean: 24.5 } } });
});

test('values come on request, at most 1,024 in a record', async (t) => {
  const bytes = image(16, [3], pixels(16, [1, 9, 3]), card('BLANK', 9), card('BZERO', 0.5));
  t.deepEqual((samples(await records(bytes, { pixels: { values: true } }))[0]!.value as { values: unknown }).values, [
    1.5,
    null,
    3.5,
  ]);
  const wide = samples(await records(image(8, [5000], Buffer.alloc(5000)), { pixels: { values: true } }));
  t.deepEqual(
    wide.map(({ value }) => (value as { values: unknown[] }).values.length),
    [1024, 1024, 1024, 1024, 904],
  );
});

test('HDUs that are not selected are not read', async (t) => {
  const bytes = image(8, [3], Buffer.from('abc'));
  t.is(samples(await records(bytes, { pixels: { hdus: [1] } })).length, 0);
  t.is(samples(await records(bytes, { pixels: false })).length, 0);
});

async function slabs(bytes: Buffer, options = {}): Promise<ImageSlab[]> {
  const all: ImageSlab[] = [];
  for await (const slab of readImage(new MemoryInput(bytes), options)) all.push(slab);
  return all;
}

test('readImage gives typed arrays: as stored, exact unsigned, or scaled', async (t) => {
  const [plain] = await slabs(image(-32, [3], pixels(-32, [1, 2.5, -3])));
  t.deepEqual(plain!.values, Float32Array.of(1, 2.5, -3));
  const [u16] = await slabs(image(16, [2], pixels(16, [-32768, 32767]), card('BZERO', 32768)));
  t.deepEqual(u16!.values, Uint16Array.of(0, 65535));
  const [u32] = await slabs(image(32, [2], pixels(32, [-(2 ** 31), 5]), card('BZERO', 2147483648)));
  t.deepEqual(u32!.values, Uint32Array.of(0, 2147483653));
  const [i8] = await slabs(image(8, [2], Buffer.of(0, 255), card('BZERO', -128)));
  t.deepEqual(i8!.values, Int8Array.of(-128, 127));
  const [u64] = await slabs(image(64, [1], pixels(64, [0]), card('BZERO', 9223372036854775808n)));
  t.deepEqual(u64!.values, BigUint64Array.of(9223372036854775808n));
  const [scaled] = await slabs(image(16, [2], pixels(16, [1, 2]), card('BSCALE', 0.5), card('BLANK', 2)));
  t.deepEqual(scaled!.values, Float64Array.of(0.5, Number.NaN));
  const parts = await slabs(image(8, [4, 3], Buffer.from('abcdefghijkl')), { slabPixels: 4 });
  t.deepEqual(
    parts.map(({ start }) => start),
    [
      [0, 0],
      [1, 0],
      [2, 0],
    ],
  );
});

test('readImage says where there is no image', async (t) => {
  await t.throwsAsync(slabs(table([{ name: 'A', form: 'J' }], [Buffer.alloc(4)]), { hdu: 1 }), {
    code: 'ERR_MALFORMED',
  });
  await t.throwsAsync(slabs(image(8, [], Buffer.alloc(0)), { hdu: 3 }), { code: 'ERR_OPTION' });
});

test('data that end early give the slabs before the end, then the error', async (t) => {
  const bytes = image(8, [10, 1000], Buffer.alloc(10_000, 1));
  const all = await records(bytes.subarray(0, 8000), { pixels: { slabPixels: 1000 } });
  t.is(samples(all).length, 5);
  t.is(issues(all)[0]?.code, 'ERR_TRUNCATED_INPUT');
  t.is(end(all).status, 'partial');
});

test('the kernel in the repository is built from its source', async (t) => {
  const source = readFileSync(new URL('../../../../src/formats/fits/kernel/statistics.wat', import.meta.url), 'utf8');
  t.is(createHash('sha256').update(source).digest('hex'), KERNEL_SOURCE_SHA256);
  const { default: wabt } = await import('wabt');
  const built = (await wabt()).parseWat('statistics.wat', source, { simd: true }).toBinary({}).buffer;
  t.is(Buffer.from(built).toString('base64'), KERNEL_BASE64);
});
