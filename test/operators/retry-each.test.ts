import test from 'ava';
import * as rx from 'rxjs';
import { drain, fromPull } from '../../src/flow/index.ts';
import { retryEach } from '../../src/operators/index.ts';
import { collect, upTo } from '../support/flow.ts';

test.serial('retryEach delivers each value once, however often the source breaks', async (t) => {
  let attempts = 0;
  const flaky = () =>
    fromPull(function* () {
      const breaksAt = ++attempts * 10;
      for (let i = 0; i < 35; i++) {
        if (i === breaksAt) throw new Error(`broken at ${i}`);
        yield i;
      }
    });
  t.deepEqual(await collect(rx.of(1).pipe(retryEach(flaky, { delayMs: 1 }))), upTo(35));
  t.is(attempts, 4);
  attempts = 0;
  const few = rx.of(1).pipe(retryEach(flaky, { delayMs: 1, retries: 1 }));
  await t.throwsAsync(
    drain(few, () => {}),
    { message: 'broken at 20' },
  );
  attempts = 0;
  const never = rx.of(1).pipe(retryEach(flaky, { shouldRetry: () => false }));
  await t.throwsAsync(
    drain(never, () => {}),
    { message: 'broken at 10' },
  );
});
