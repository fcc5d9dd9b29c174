import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import test from 'ava';
import { GiB, KiB, MiB } from '../../src/units.ts';
import { httpServer } from '../support/http-server.ts';
import { peakRss } from '../support/peak-rss.ts';
import { sparseFile, tempFolder } from '../support/temp.ts';

const scan = new URL('./bytes-scan.js', import.meta.url);

// Node 24 lets its young generation grow further before it collects: a loop of readSync into one buffer costs 10 MiB.
const isLatest = Number(process.versions.node.split('.')[0]) >= 24;
const scanMiB = isLatest ? 20 : 15;
const gzipMiB = isLatest ? 24 : 18;
const httpMiB = isLatest ? 112 : 96;

test.serial(`a scan of 4 GiB costs at most ${scanMiB} MiB over a bare Node`, async (t) => {
  const path = sparseFile(t, 4 * GiB);
  for (const kind of ['file', 'file-sync']) {
    const { aboveBareBytes, stdout } = await peakRss(scan, [kind, path]);
    t.is(Number(stdout), 4 * GiB);
    t.log(`${kind}: ${(aboveBareBytes / MiB).toFixed(1)} MiB`);
    t.true(aboveBareBytes <= scanMiB * MiB, `${kind}: ${aboveBareBytes}`);
  }
});

test.serial(`512 MiB that are inflated cost at most ${gzipMiB} MiB over a bare Node`, async (t) => {
  const path = join(tempFolder(t), 'noise.gz');
  const noise = Buffer.from(Array.from({ length: 64 * KiB }, (_, index) => (index * index * 31) & 0x3f));
  const plain = Readable.from(Array.from({ length: 8192 }, () => noise));
  await pipeline(plain, createGzip({ level: 1 }), createWriteStream(path));
  const { aboveBareBytes, stdout } = await peakRss(scan, ['gzip', path]);
  t.is(Number(stdout), 512 * MiB);
  t.log(`${(aboveBareBytes / MiB).toFixed(1)} MiB`);
  t.true(aboveBareBytes <= gzipMiB * MiB, `${aboveBareBytes}`);
});

// 40 to 46 MiB of it is fetch itself, for a single byte; the rest its buffers that wait for the collector
test.serial(`1 GiB over HTTP ranges costs at most ${httpMiB} MiB over a bare Node`, async (t) => {
  const block = Buffer.alloc(8 * MiB);
  const { url } = await httpServer(t, (request, response) => {
    const [start, last] = (request.headers.range ?? '').slice('bytes='.length).split('-').map(Number);
    const end = Math.min(last! + 1, GiB);
    const range = `bytes ${start}-${end - 1}/${GiB}`;
    response.writeHead(206, { 'content-range': range, 'content-length': end - start! });
    response.end(block.subarray(0, end - start!));
  });
  const { aboveBareBytes, stdout } = await peakRss(scan, ['http', url]);
  t.is(Number(stdout), GiB);
  t.log(`${(aboveBareBytes / MiB).toFixed(1)} MiB`);
  t.true(aboveBareBytes <= httpMiB * MiB, `${aboveBareBytes}`);
});
