import test from 'ava';
import * as rx from 'rxjs';
import { asapScheduler } from 'rxjs';
import { drain } from '../../src/flow/index.ts';
import { delay, observeOn } from '../../src/operators/index.ts';
import { collect, upTo } from '../support/flow.ts';
import { counted } from '../support/sources.ts';

test.serial('delay delays each value, observeOn moves each to its scheduler', async (t) => {
  const start = performance.now();
  t.deepEqual(await collect(counted('sync', 10).pipe(delay(20))), upTo(10));
  t.true(performance.now() - start >= 18);
  t.deepEqual(await collect(counted('async', 100).pipe(observeOn(asapScheduler))), upTo(100));
  const failing = rx.concat(
    counted('sync', 3),
    rx.throwError(() => new Error('late')),
  );
  const seen: number[] = [];
  await t.throwsAsync(
    drain(failing.pipe(delay(1)), (v) => void seen.push(v)),
    { message: 'late' },
  );
  t.deepEqual(seen, [0, 1, 2]);
});
