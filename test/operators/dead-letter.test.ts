import test from 'ava';
import * as rx from 'rxjs';
import { drain } from '../../src/flow/index.ts';
import { deadLetter } from '../../src/operators/index.ts';
import { collect, sleep } from '../support/flow.ts';
import { counted } from '../support/sources.ts';

test.serial('deadLetter puts the failed aside and goes on', async (t) => {
  const letters: unknown[] = [];
  const work = (value: number) => (value % 10 === 3 ? rx.throwError(() => new Error(`bad ${value}`)) : [value]);
  const post = async ({ value, error }: { value: number; error: unknown }) => {
    await sleep(1);
    letters.push([value, (error as Error).message]);
  };
  const kept = await collect(counted('sync', 30).pipe(deadLetter(work, post)));
  t.is(kept.length, 27);
  t.deepEqual(letters, [
    [3, 'bad 3'],
    [13, 'bad 13'],
    [23, 'bad 23'],
  ]);
  const broken = counted('sync', 30).pipe(deadLetter(work, { write: () => Promise.reject(new Error('disk full')) }));
  await t.throwsAsync(
    drain(broken, () => {}),
    { code: 'ERR_SINK' },
  );
});
