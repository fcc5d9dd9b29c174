/** How do I send records through highland into a compressed file? As into any Node stream, with backpressure. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { extract, toHighland } from 'tidegate';

const [path = 'sky.fits', target = 'fields.ndjson.gz'] = process.argv.slice(2);

const lines = toHighland(extract(path))
  .filter((record) => record.kind === 'field')
  .map((record) => `${JSON.stringify(record)}\n`);

await pipeline(lines.toNodeStream({ objectMode: true }), createGzip(), createWriteStream(target));
console.log(`wrote ${target}`);
