import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { GiB, MiB } from '../../src/units.ts';
import { card, emptyPrimary, header, imageCards, padded } from '../formats/fits/build.ts';
import { type ChildUse, peakRssOf } from '../support/peak-rss.ts';
import { sparseFile, tempFile, tempFolder } from '../support/temp.ts';

const module = (path: string): string => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

/** Reads a file in a child process; writes the status and the number of records. */
function use(path: string, options: object = {}): Promise<ChildUse> {
  return peakRssOf(`
    import { openFile } from ${module('bytes/file-input.js')};
    import { reader } from ${module('formats/fits/reader.js')};
    const input = openFile(${JSON.stringify(path)}, { isSync: true });
    let last, count = 0;
    for await (const batch of reader.read(input, ${JSON.stringify(options)})) { last = batch.at(-1); count += batch.length; }
    console.log(last.status, count);`);
}

const imageHeader = (bytes: number): Buffer => header(...imageCards(-32, [1024, bytes / 4096]));
const imageFile = (t: ExecutionContext, bytes: number): string =>
  sparseFile(t, 2880 + Math.ceil(bytes / 2880) * 2880, imageHeader(bytes));
const report = (t: ExecutionContext, what: string, { aboveBareBytes }: ChildUse): void =>
  t.log(`${what}: ${(aboveBareBytes / MiB).toFixed(1)} MiB over bare Node`);

test.serial('metadata cost the same for 8 MiB and for 8 GiB', async (t) => {
  const small = await use(imageFile(t, 8 * MiB));
  const large = await use(imageFile(t, 8 * GiB));
  report(t, 'metadata of 8 GiB', large);
  t.is(large.stdout, small.stdout);
  t.true(large.stdout.startsWith('ok'));
  t.true(large.aboveBareBytes <= 24 * MiB);
  t.true(Math.abs(large.aboveBareBytes - small.aboveBareBytes) <= 4 * MiB);
});

test.serial('5,000 HDUs, and a header of 50,000 cards, stay below 48 MiB', async (t) => {
  const extension = header(...imageCards(16, [10], card('XTENSION', 'IMAGE')), card('PCOUNT', 0), card('GCOUNT', 1));
  const one = Buffer.concat([extension, padded(Buffer.alloc(20))]);
  const wide = await use(tempFile(t, Buffer.concat([emptyPrimary(), ...Array.from({ length: 4999 }, () => one)])));
  report(t, '5,000 HDUs', wide);
  t.is(wide.stdout, 'ok 34999\n');
  t.true(wide.aboveBareBytes <= 48 * MiB);
  const cards = Array.from({ length: 50_000 }, (_, i) => card(`K${i}`, i, 'a comment of some length'));
  const long = await use(tempFile(t, header(...imageCards(8, []), ...cards)));
  report(t, '50,000 cards', long);
  t.is(long.stdout, 'ok 50006\n');
  t.true(long.aboveBareBytes <= 48 * MiB);
});

test.serial('statistics of an image, and of a table, stay below 32 MiB whatever the size', async (t) => {
  for (const bytes of [64 * MiB, 512 * MiB]) {
    const image = await use(imageFile(t, bytes), { pixels: true, checksum: true });
    report(t, `image of ${bytes / MiB} MiB`, image);
    t.true(image.aboveBareBytes <= 32 * MiB);
    const columns = ['1D', '2J', '4E', '16A', 'I'].map((form, i) => card(`TFORM${i + 1}`, form));
    const head = header(
      ...imageCards(8, [50, bytes / 64], card('XTENSION', 'BINTABLE')),
      card('PCOUNT', 0),
      card('GCOUNT', 1),
      card('TFIELDS', 5),
      ...columns,
    );
    const path = sparseFile(
      t,
      Math.ceil((5760 + (50 * bytes) / 64) / 2880) * 2880,
      Buffer.concat([emptyPrimary(), head]),
    );
    const rows = await use(path, { rows: true });
    report(t, `table of ${(50 * bytes) / 64 / MiB} MiB`, rows);
    t.true(rows.stdout.startsWith('ok'));
    t.true(rows.aboveBareBytes <= 32 * MiB);
  }
});

test.serial('a gzipped image stays below 64 MiB', async (t) => {
  const path = join(tempFolder(t), 'image.fits.gz');
  const bytes = 128 * MiB;
  await pipeline(
    Readable.from(
      (function* () {
        yield imageHeader(bytes);
        const block = Buffer.from(Array.from({ length: MiB }, (_, i) => (i * 31 + (i >> 9)) & 0x3f));
        for (let at = 0; at < bytes; at += MiB) yield block;
        yield Buffer.alloc(2880 - (bytes % 2880));
      })(),
    ),
    createGzip({ level: 1 }),
    createWriteStream(path),
  );
  const gzipped = await use(path, { pixels: true, maxInflateRatio: 2000 });
  report(t, 'gzipped image of 128 MiB', gzipped);
  t.true(gzipped.stdout.startsWith('ok'));
  t.true(gzipped.aboveBareBytes <= 64 * MiB);
});
