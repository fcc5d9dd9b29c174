import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { tempFolder } from '../support/temp.ts';
import { framedFiles, makeFiles, records, start } from './run.ts';

/** A run that is far from its end: the same folder again and again. */
function longRun(t: ExecutionContext, jobs: string) {
  const folder = tempFolder(t);
  makeFiles(
    folder,
    Array.from({ length: 1000 }, (_, i) => `in/f${i}`),
  );
  writeFileSync(join(folder, 'out.ndjson'), 'old');
  const args = ['extract', '--jobs', jobs, '--to', 'out.ndjson', ...Array.from({ length: 500 }, () => 'in')];
  const child = start(args, { cwd: folder });
  t.teardown(() => void child.kill('SIGKILL'));
  return { folder, child, stderr: text(child.stderr) };
}

/** Waits until the temporary file has grown. */
async function untilWritten(folder: string): Promise<void> {
  for (;;) {
    const name = readdirSync(folder).find((entry) => entry.startsWith('.tidegate-'));
    if (name !== undefined && statSync(join(folder, name)).size > 100_000) return;
    await sleep(20);
  }
}

/** Waits until a process writes no more: whatever is between it and its reader is full. */
async function untilStuck(pid: number): Promise<void> {
  if (!existsSync(`/proc/${pid}/io`)) return sleep(2000);
  for (let [before, now] = [-1, 0]; before !== now; ) {
    before = now;
    await sleep(400);
    now = Number(/^wchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))![1]);
  }
}

for (const jobs of ['0', '2']) {
  test(`--jobs ${jobs}: SIGINT finishes the records under way and says what was done`, async (t) => {
    const { folder, child, stderr } = longRun(t, jobs);
    await untilWritten(folder);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    t.is(code, 130);
    const all = records(readFileSync(join(folder, 'out.ndjson'), 'utf8'));
    // The same files come again and again: the frames are checked one repetition at a time.
    const endings = all.filter(({ kind }) => kind === 'end').length;
    t.is(endings, all.filter(({ kind }) => kind === 'file').length);
    t.regex(await stderr, new RegExp(`interrupted: ${all.length} records of ${endings} files`));
    t.deepEqual(readdirSync(folder).sort(), ['in', 'out.ndjson']);
  });

  test(`--jobs ${jobs}: a second SIGINT aborts: the old file stays, the temporary one goes`, async (t) => {
    const { folder, child, stderr } = longRun(t, jobs);
    await untilWritten(folder);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    await sleep(1);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    t.true(code === 130 || code === 143, `exit code ${code}`);
    const isAborted = (await stderr).includes('aborted');
    t.is(readFileSync(join(folder, 'out.ndjson'), 'utf8') === 'old', isAborted);
    t.deepEqual(readdirSync(folder).sort(), ['in', 'out.ndjson']);
  });

  test(`--jobs ${jobs}: SIGINT ends a run whose output nobody reads, at the second`, async (t) => {
    const folder = tempFolder(t);
    makeFiles(
      folder,
      Array.from({ length: 2000 }, (_, i) => `in/f${i}`),
    );
    const child = start(['extract', '--jobs', jobs, 'in', 'in', 'in'], { cwd: folder });
    t.teardown(() => void child.kill('SIGKILL'));
    const stderr = text(child.stderr);
    await once(child.stdout, 'readable');
    await untilStuck(child.pid!);
    child.kill('SIGINT');
    await sleep(200);
    t.is(child.exitCode, null);
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    t.is(code, 130);
    child.stdout.resume();
    t.regex(await stderr, /aborted: \d+ records/);
  });
}

test('SIGKILL leaves the old file as it was', async (t) => {
  const { folder, child } = longRun(t, '0');
  await untilWritten(folder);
  child.kill('SIGKILL');
  await once(child, 'close');
  t.is(readFileSync(join(folder, 'out.ndjson'), 'utf8'), 'old');
});

for (const jobs of ['0', '1']) {
  test(`--jobs ${jobs}: an input that stalls is left at SIGINT, partial, with the reason`, async (t) => {
    const folder = tempFolder(t);
    makeFiles(folder, ['first']);
    const child = start(['extract', '--jobs', jobs, 'first', '-'], { cwd: folder });
    t.teardown(() => void child.kill('SIGKILL'));
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
    child.stdin.write('the beginning of something that never ends');
    // The records of the first show that the run is under way.
    await once(child.stdout, 'data');
    await sleep(300);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    t.is(code, 130);
    const files = framedFiles(records(await stdout));
    t.like(files.get('-')!.at(-2), { kind: 'issue', code: 'ERR_ABORTED', severity: 'error' });
    t.regex(await stderr, /interrupted: \d+ records of 2 files, 1 of them not read to the end/);
  });
}
