import test from 'ava';
import * as rx from 'rxjs';
import { drain } from '../../src/flow/index.ts';
import { concatMap } from '../../src/operators/index.ts';
import { sleep } from '../support/flow.ts';
import { counted } from '../support/sources.ts';

/** The codes and texts of the warnings while `run` runs. */
async function warningsOf(run: () => Promise<unknown>): Promise<{ code: string; message: string }[]> {
  const heard: { code: string; message: string }[] = [];
  const listen = (warning: Error & { code?: string }) =>
    heard.push({ code: warning.code ?? '', message: warning.message });
  process.on('warning', listen);
  await run();
  await sleep(5);
  process.off('warning', listen);
  return heard;
}

test.serial('a stock operator that hoards is told on, and what to use instead', async (t) => {
  const slow = rx.concatMap((value: number) => sleep(0).then(() => value));
  const heard = await warningsOf(() =>
    drain(counted('sync', 100_000, undefined, { label: 'hoarded' }).pipe(slow, rx.take(30)), () => {}),
  );
  t.is(heard.length, 1);
  t.is(heard[0]!.code, 'TIDEGATE_LAG');
  t.regex(heard[0]!.message, /stock operator buffers here.*mergeMap.*tidegate\/operators/);
});

test.serial('a filter that drops nearly everything is not', async (t) => {
  const run = () =>
    drain(counted('sync', 100_000).pipe(rx.filter((value) => value % 10_000 === 0)), async () => sleep(1));
  t.deepEqual(await warningsOf(run), []);
});

test.serial('our concatMap does not hoard', async (t) => {
  const run = () => drain(counted('sync', 20_000).pipe(concatMap((value) => Promise.resolve(value))), () => {});
  t.deepEqual(await warningsOf(run), []);
});

test.serial('a source that does not wait is told on once', async (t) => {
  const slow = drain(rx.range(0, 5000), () => sleep(0), { highWaterMark: 4, label: 'slow table' });
  const heard = await warningsOf(() => slow);
  t.deepEqual(
    heard.map((warning) => warning.code),
    ['TIDEGATE_OVERRUN'],
  );
  t.regex(heard[0]!.message, /slow table.*does not wait/s);
});
