import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import type { Input } from '../../../src/bytes/input.ts';
import { type InputSource, openInput } from '../../../src/bytes/open-input.ts';
import type { FitsOptions } from '../../../src/formats/fits/options.ts';
import { reader } from '../../../src/formats/fits/reader.ts';
import type { ExtractionRecord } from '../../../src/records.ts';
import { httpServer, serveRanges } from '../../support/http-server.ts';
import { tempFile } from '../../support/temp.ts';
import { testRuns } from '../../support/test-runs.ts';
import { card, end, image, issues, records, samples, table } from './build.ts';
import { FPACK_FIXTURES } from './fpack-fixtures.ts';

const CHUNKS = [1024, 65_536, 1_048_576];
const ALL: FitsOptions = { pixels: { slabPixels: 3000 }, rows: { batchRows: 100 }, checksum: true };

/** An image with statistics worth the name, a table, a table with a heap, a compressed image. */
function sky(seed: number): Buffer {
  const pixels = Buffer.from(Array.from({ length: 4 * 10_000 }, (_, i) => (i * seed) & 0x3f));
  const rows = Array.from({ length: 500 }, (_, i) => Buffer.of(i & 0xff, seed & 0xff, 65, 66, 67));
  const plain = table(
    [
      { name: 'N', form: 'I' },
      { name: 'S', form: '3A' },
    ],
    rows,
  );
  const heap = Buffer.from(Array.from({ length: 900 }, (_, i) => (i * seed) & 0xff));
  const descriptors = Array.from({ length: 300 }, (_, i) => {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32BE(3, 0);
    bytes.writeInt32BE(897 - 3 * i, 4);
    return bytes;
  });
  const heaped = table([{ name: 'V', form: 'PB(3)' }], descriptors, heap);
  const tiles = gunzipSync(Buffer.from(FPACK_FIXTURES[seed % FPACK_FIXTURES.length]!.base64, 'base64'));
  const primary = image(-32, [100, 100], pixels, card('DATASUM', '1'));
  return Buffer.concat([primary, plain.subarray(2880), heaped.subarray(2880), tiles.subarray(2880)]);
}

/** Records without what tells one kind of input from another. */
async function normal(source: InputSource, options: FitsOptions): Promise<unknown[]> {
  const input: Input = await openInput(source);
  try {
    const all: ExtractionRecord[] = [];
    for await (const batch of reader.read(input, options)) all.push(...batch);
    return all.map((record) => {
      const { file: _, ...rest } = record;
      if (rest.kind === 'file') return { kind: 'file', mediaType: rest.mediaType };
      if (rest.kind === 'end') return { kind: 'end', status: rest.status, records: rest.records };
      return rest;
    });
  } finally {
    await input.close();
  }
}

const pipe = (bytes: Buffer, pieceBytes: number): Readable =>
  Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    })(),
    { objectMode: false },
  );

test('the records are the same from a path, a Buffer, a Blob, HTTP ranges and a pipe, in chunks of any size', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 250 }), fc.boolean(), async (seed, isCut) => {
      const whole = sky(seed);
      const bytes = isCut ? whole.subarray(0, whole.length - 4000) : whole;
      const expected = await normal(bytes, ALL);
      const path = tempFile(t, bytes, `sky-${seed}.fits`);
      const { url } = await httpServer(t, serveRanges(bytes));
      for (const chunkBytes of CHUNKS) {
        const options = { ...ALL, chunkBytes };
        for (const source of [path, bytes, new Blob([new Uint8Array(bytes)]), url, pipe(bytes, 777)]) {
          t.deepEqual(await normal(source as InputSource, options), expected);
        }
      }
    }),
    { numRuns: testRuns(20) },
  );
});

test('a gzipped file gives the records of the plain one', async (t) => {
  const bytes = sky(7);
  const packed = gzipSync(bytes);
  const expected = await normal(bytes, ALL);
  for (const source of [packed, pipe(packed, 999)]) t.deepEqual(await normal(source, ALL), expected);
});

test('a heap that is too large to be held on a pipe is an error of its HDU, and the rest is read', async (t) => {
  const input = (await openInput(pipe(sky(5), 4096))) as Input;
  const all = await records(input, { ...ALL, maxHeldBytes: 2000 });
  await input.close();
  t.true(issues(all).some(({ code, path }) => code === 'ERR_NOT_SEEKABLE' && path === 'hdu[2]'));
  t.true(samples(all).some(({ path }) => path === 'hdu[1]'));
  t.is(end(all).status, 'partial');
});

test('a gzipped file that is cut or damaged says so behind what was read', async (t) => {
  const packed = gzipSync(sky(9));
  const cut = await records(packed.subarray(0, packed.length - 100), ALL);
  t.is(end(cut).status, 'partial');
  t.is(issues(cut).at(-1)?.code, 'ERR_TRUNCATED_INPUT');
  const damaged = Buffer.from(packed);
  damaged[packed.length - 6]! ^= 0xff;
  t.is(issues(await records(damaged)).at(-1)?.code, 'ERR_CHECKSUM');
});

test('a gzip bomb ends at maxInflateRatio', async (t) => {
  const bomb = gzipSync(image(8, [1 << 26], Buffer.alloc(1 << 26)), { level: 9 });
  const all = await records(bomb, { pixels: true });
  t.is(issues(all).at(-1)?.code, 'ERR_LIMIT');
  t.is(end(all).status, 'partial');
});

test('an aborted read ends with the reason of its signal', async (t) => {
  const reason = new Error('enough');
  await t.throwsAsync(records(sky(3), { ...ALL, signal: AbortSignal.abort(reason) }), { is: reason });
});
