import { statSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { GiB, KiB, MiB } from '../../src/units.ts';
import { writeEncapsulated, writeItems, writeNative } from '../formats/dicom/big-files.ts';
import { peakRss } from '../support/peak-rss.ts';
import { tempFolder } from '../support/temp.ts';

const script = new URL('./dicom-read.js', import.meta.url);
const LIMIT_BYTES = 32 * MiB;
interface Seen {
  readonly count: number;
  readonly status: string;
  readonly bytesRead: number;
  readonly aboveBareBytes: number;
}

async function read(t: ExecutionContext, path: string, mode: string, options: object = {}): Promise<Seen> {
  const { aboveBareBytes, stdout } = await peakRss(script, [mode, path, JSON.stringify(options)], LIMIT_BYTES);
  t.log(`${mode} ${JSON.stringify(options)}: ${(aboveBareBytes / MiB).toFixed(1)} MiB over a bare Node`);
  return { ...(JSON.parse(stdout) as Omit<Seen, 'aboveBareBytes'>), aboveBareBytes };
}

test.serial('native files of 0.5, 2 and 4 GiB cost at most 32 MiB, and the same within 8 MiB', async (t) => {
  const path = join(tempFolder(t), 'native.dcm');
  const peaks: number[] = [];
  for (const pixelBytes of [GiB / 2, 2 * GiB, 4 * GiB]) {
    writeNative(path, pixelBytes);
    const { aboveBareBytes, status, bytesRead } = await read(t, path, 'async');
    t.is(status, 'ok');
    t.true(bytesRead <= 8 * KiB);
    peaks.push(aboveBareBytes);
  }
  t.true(Math.max(...peaks) <= LIMIT_BYTES);
  t.true(Math.max(...peaks) - Math.min(...peaks) <= 8 * MiB);
});

test.serial('the frames of a native file are streamed within 32 MiB', async (t) => {
  const path = join(tempFolder(t), 'native.dcm');
  writeNative(path, GiB);
  const { aboveBareBytes, count, status } = await read(t, path, 'sync', { pixelData: 'stream' });
  t.deepEqual([status, count > 2048], ['ok', true]);
  t.true(aboveBareBytes <= LIMIT_BYTES);
  const frames = await read(t, path, 'frames');
  t.is(frames.count, GiB);
  t.true(frames.aboveBareBytes <= LIMIT_BYTES);
});

for (const mode of ['async', 'sync']) {
  for (const options of [{}, { fragments: true }, { pixelData: 'stream' }]) {
    test.serial(`2 GiB in 20,000 fragments cost at most 32 MiB (${mode}, ${JSON.stringify(options)})`, async (t) => {
      const path = join(tempFolder(t), 'encapsulated.dcm');
      writeEncapsulated(path, 20_000, 107_374);
      const { aboveBareBytes, status, count, bytesRead } = await read(t, path, mode, options);
      t.is(status, 'ok');
      t.is(count > 20_000, Object.keys(options).length > 0);
      t.true(bytesRead <= 4 * MiB);
      t.true(aboveBareBytes <= LIMIT_BYTES);
    });
  }
}

for (const mode of ['async', 'sync', 'json']) {
  test.serial(`120,000 items with 300,000 elements stay bounded (${mode})`, async (t) => {
    const path = join(tempFolder(t), 'items.dcm');
    writeItems(path, 20_000);
    const { aboveBareBytes, bytesRead } = await read(t, path, mode);
    t.true(aboveBareBytes <= LIMIT_BYTES);
    t.true(bytesRead <= 1.05 * statSync(path).size);
  });
}
