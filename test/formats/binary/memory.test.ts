import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { MiB } from '../../../src/units.ts';
import { peakRssOf } from '../../support/peak-rss.ts';
import { tempFolder } from '../../support/temp.ts';

const url = (file: string) => JSON.stringify(new URL(`../../../src/${file}`, import.meta.url));

const readAll = (path: string) => `
  import { openInput } from ${url('bytes/open-input.js')};
  import { reader } from ${url('formats/binary/reader.js')};
  const input = await openInput(${JSON.stringify(path)});
  let count = 0;
  const options = { sampleBytes: 1048576, digests: ['crc32'] };
  for await (const batch of reader.read(input, options)) count += batch.length;
  await input.close();
  console.log(count);
`;

test('memory does not grow with the file', async (t) => {
  t.timeout(120_000);
  const folder = tempFolder(t);
  const peaks: number[] = [];
  for (const sizeBytes of [64 * MiB, 512 * MiB]) {
    const path = join(folder, `sparse-${sizeBytes}`);
    writeFileSync(path, '');
    truncateSync(path, sizeBytes);
    const { aboveBareBytes, stdout } = await peakRssOf(readAll(path));
    t.is(Number(stdout), 4 + sizeBytes / MiB);
    peaks.push(aboveBareBytes);
  }
  const [small, large] = peaks as [number, number];
  t.log(`${(small / MiB).toFixed(1)} MiB for 64 MiB, ${(large / MiB).toFixed(1)} MiB for 512 MiB`);
  t.true(large <= 32 * MiB);
  t.true(large - small <= 8 * MiB);
});
