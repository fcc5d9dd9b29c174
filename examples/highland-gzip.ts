/** How do I send records through highland into a compressed file? As into any Node stream, with backpressure. */
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import highland from 'highland';
import { drain, extract, fromHighland, toHighland } from 'tidegate';

const [path = 'sky.fits', target = 'fields.ndjson.gz'] = process.argv.slice(2);

const lines = toHighland(extract(path))
  .filter((record) => record.kind === 'field')
  .map((record) => `${JSON.stringify(record)}\n`);

await pipeline(lines.toNodeStream({ objectMode: true }), createGzip(), createWriteStream(target));
console.log(`wrote ${target}`);

// And back: a highland stream is a source like any other, and waits for the slowest consumer.
let count = 0;
await drain(fromHighland(highland<Buffer>(createReadStream(target).pipe(createGunzip()))), (piece) => {
  count += piece.length;
});
console.log(`${count} bytes came back`);
