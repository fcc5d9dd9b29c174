import { deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { readImage } from '../../../src/formats/fits/read-image.ts';
import { plioDecode } from '../../../src/formats/fits/tiles/plio.ts';
import { riceDecode } from '../../../src/formats/fits/tiles/rice.ts';
import { freshArray } from '../../../src/formats/fits/tiles/workspace.ts';
import { testRuns } from '../../support/test-runs.ts';
import { card, end, issues, records, samples, table } from './build.ts';
import { FPACK_FIXTURES } from './fpack-fixtures.ts';
import { riceEncode } from './rice-encode.ts';

async function pixelsOf(bytes: Buffer, axes: readonly number[]): Promise<number[]> {
  const [rows, columns] = axes as [number, number];
  const all = new Array<number>(rows * columns);
  for await (const { start, shape, values } of readImage(new MemoryInput(bytes), { hdu: 1 })) {
    for (let i = 0; i < values.length; i++) {
      const y = start[0]! + Math.floor(i / shape![1]!);
      all[y * columns + start[1]! + (i % shape![1]!)] = Number(values[i]);
    }
  }
  return all;
}

for (const { name, codec, base64, pixels } of FPACK_FIXTURES) {
  test(`${name}: ${codec} of fpack gives the pixels of funpack`, async (t) => {
    const bytes = gunzipSync(Buffer.from(base64, 'base64'));
    t.deepEqual(await pixelsOf(bytes, [9, 11]), [...pixels]);
    const [sample] = samples(await records(bytes, { pixels: true })).slice(-1);
    t.like(sample, {
      path: 'hdu[1]',
      value: { pixels: 99, valid: 99, min: Math.min(...pixels), max: Math.max(...pixels) },
    });
  });
}

test('RICE_1 gives back what was encoded, for each width and block size', (t) => {
  for (const [pixelBytes, type] of [
    [1, Uint8Array],
    [2, Int16Array],
    [4, Int32Array],
  ] as const) {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer(), fc.integer({ min: -5, max: 5 })), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(16, 32),
        (numbers, block) => {
          const values = type.from(numbers);
          const seen = riceDecode(riceEncode(values, pixelBytes, block), pixelBytes, block, values.length, freshArray);
          t.deepEqual(seen, values);
        },
      ),
      { numRuns: testRuns(500) },
    );
  }
});

test('RICE_1 and PLIO_1 that end early are damaged, not made up', (t) => {
  const bytes = riceEncode(
    Int32Array.from({ length: 100 }, (_, i) => i * i * 31),
    4,
    32,
  );
  for (let length = 0; length < bytes.length - 1; length++) {
    t.is(riceDecode(bytes.subarray(0, length), 4, 32, 100, freshArray), undefined);
  }
  t.is(plioDecode(Int16Array.of(0, 7), 10, freshArray), undefined);
  t.is(plioDecode(Int16Array.of(0, 7, -100, 90, 0, 0, 0), 10, freshArray), undefined);
});

function descriptor(count: number, offset: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeInt32BE(count, 0);
  bytes.writeInt32BE(offset, 4);
  return bytes;
}

/** A compressed image of one row a tile. */
function compressed(codec: string, bitpix: number, width: number, tiles: readonly Buffer[], ...more: string[]): Buffer {
  let offset = 0;
  const rows = tiles.map((tile) => {
    offset += tile.length;
    return descriptor(tile.length, offset - tile.length);
  });
  const image = [
    card('ZIMAGE', true),
    card('ZCMPTYPE', codec),
    card('ZBITPIX', bitpix),
    card('ZNAXIS', 2),
    card('ZNAXIS1', width),
    card('ZNAXIS2', tiles.length),
  ];
  return table(
    [{ name: 'COMPRESSED_DATA', form: '1PB', cards: () => [...image, ...more] }],
    rows,
    Buffer.concat(tiles),
  );
}

const f32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeFloatBE(value, 4 * i);
  return bytes;
};

test('GZIP_1, GZIP_2 and NOCOMPRESS hold floating-point pixels as they are', async (t) => {
  const plain = f32(1, Number.NaN, -2.5);
  const shuffled = Buffer.alloc(12);
  for (let i = 0; i < 12; i++) shuffled[(i % 4) * 3 + Math.floor(i / 4)] = plain[i]!;
  for (const bytes of [
    compressed('GZIP_1', -32, 3, [gzipSync(plain)]),
    compressed('GZIP_2', -32, 3, [gzipSync(shuffled)]),
    compressed('NOCOMPRESS', -32, 3, [plain]),
  ]) {
    t.deepEqual(await pixelsOf(bytes, [1, 3]), [1, Number.NaN, -2.5]);
  }
});

test('an unknown codec is an ERR_UNSUPPORTED of its HDU', async (t) => {
  const all = await records(compressed('WAVELET_9', 16, 3, [Buffer.alloc(6)]), { pixels: true });
  t.like(issues(all)[0], { code: 'ERR_UNSUPPORTED', severity: 'error', path: 'hdu[1]' });
  t.is(end(all).status, 'partial');
});

test('damaged tiles are an error of their HDU: bad gzip, too few pixels, too many, no row', async (t) => {
  const code = async (bytes: Buffer): Promise<string | undefined> =>
    issues(await records(bytes, { pixels: true })).find(({ severity }) => severity === 'error')?.code;
  t.is(await code(compressed('GZIP_1', -32, 3, [deflateRawSync(f32(1, 2, 3))])), 'ERR_INFLATE');
  t.is(await code(compressed('GZIP_1', -32, 3, [gzipSync(f32(1))])), 'ERR_INFLATE');
  t.is(await code(compressed('GZIP_1', -32, 3, [gzipSync(Buffer.alloc(1 << 20))])), 'ERR_INFLATE');
  t.is(await code(compressed('RICE_1', 16, 3, [Buffer.alloc(0)])), 'ERR_MALFORMED');
  t.is(await code(compressed('RICE_1', 16, 3, [Buffer.alloc(2)])), 'ERR_INFLATE');
  t.is(
    await code(compressed('RICE_1', 16, 3, [Buffer.alloc(9)], card('ZNAME1', 'BYTEPIX'), card('ZVAL1', 3))),
    'ERR_UNSUPPORTED',
  );
  t.is(await code(compressed('HCOMPRESS_1', 16, 3, [Buffer.alloc(40)])), 'ERR_INFLATE');
  t.is(await code(compressed('RICE_1', 16, 3, [Buffer.alloc(9)], card('ZTILE2', 1), card('ZNAXIS3', 4))), undefined);
});

test('tiles larger than may be held are refused before they are made', async (t) => {
  const all = await records(compressed('RICE_1', 16, 2 ** 40, [Buffer.alloc(9)]), { pixels: true });
  t.is(issues(all)[0]?.code, 'ERR_LIMIT');
});

test('an image whose tiles hold next to nothing is held to a multiple of its bytes', async (t) => {
  const tile = riceEncode(new Int32Array(2 ** 20), 4, 2 ** 20);
  const tiles = Array.from({ length: 20 }, () => Buffer.from(tile));
  const bytes = compressed('RICE_1', 32, 2 ** 20, tiles, card('ZNAME1', 'BLOCKSIZE'), card('ZVAL1', 2 ** 20));
  t.is(issues(await records(bytes, { pixels: true, maxInflateRatio: 1 }))[0]?.code, 'ERR_LIMIT');
});
