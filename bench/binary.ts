/**
 * What digests and byte statistics of a large file cost against other tools.
 *
 *     node build/bench/binary.js
 */
import { randomFillSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MiB } from '../src/units.ts';
import { contest, printOutcomes } from './support/contest.ts';

const FILE_BYTES = 512 * MiB;

const STREAM_HASH = `
  import { createHash } from 'node:crypto';
  import { createReadStream } from 'node:fs';
  import { pipeline } from 'node:stream/promises';
  const hash = createHash('sha256');
  await pipeline(createReadStream(process.argv[1]), hash);
  console.log(hash.digest('hex'));
`;

const STREAM_COUNT = `
  import { createReadStream } from 'node:fs';
  for await (const chunk of createReadStream(process.argv[1], { highWaterMark: 65536 })) {
    const counts = new Array(256).fill(0);
    for (const byte of chunk) counts[byte]++;
    let entropy = 0;
    for (const count of counts) if (count > 0) entropy -= (count / chunk.length) * Math.log2(count / chunk.length);
  }
`;

const NUMPY_COUNT = `
import sys, numpy
with open(sys.argv[1], 'rb') as file:
    while chunk := file.read(65536):
        counts = numpy.bincount(numpy.frombuffer(chunk, numpy.uint8), minlength=256)
        shares = counts[counts > 0] / len(chunk)
        entropy = -(shares * numpy.log2(shares)).sum()
`;

const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
const path = join(folder, 'noise');
try {
  makeFile();
  printOutcomes(
    `SHA-256 of ${FILE_BYTES / MiB} MiB`,
    contest([
      { name: 'tidegate', command: ours({ digests: ['sha256'] }) },
      { name: 'Node createReadStream and createHash', command: node(STREAM_HASH) },
      { name: 'sha256sum', command: ['sha256sum', path] },
      { name: 'openssl dgst', command: ['openssl', 'dgst', '-sha256', path] },
    ]),
  );
  printOutcomes(
    `Entropy and byte statistics per 64 KiB of ${FILE_BYTES / MiB} MiB`,
    contest([
      { name: 'tidegate', command: ours({ sampleBytes: 65536 }) },
      { name: 'Node createReadStream and a plain loop', command: node(STREAM_COUNT) },
      { name: 'numpy bincount', command: ['python3', '-c', NUMPY_COUNT, path] },
    ]),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function makeFile(): void {
  const fd = openSync(path, 'w');
  const block = Buffer.alloc(MiB);
  for (let written = 0; written < FILE_BYTES; written += MiB) writeSync(fd, randomFillSync(block));
  closeSync(fd);
}

function node(script: string): string[] {
  return [process.execPath, '--input-type=module', '-e', script, path];
}

function ours(options: object): string[] {
  const url = (file: string) => JSON.stringify(new URL(`../src/${file}`, import.meta.url));
  return node(`
    import { openFile } from ${url('bytes/file-input.js')};
    import { reader } from ${url('formats/binary/reader.js')};
    let count = 0;
    for await (const batch of reader.read(openFile(process.argv[1]), ${JSON.stringify(options)})) count += batch.length;
    if (count < 3) process.exit(1);
  `);
}
