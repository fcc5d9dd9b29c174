import test from 'ava';
import * as rx from 'rxjs';
import { drain, fromPull } from '../../src/flow/index.ts';
import { ungated } from '../../src/operators/index.ts';
import { sleep } from '../support/flow.ts';
import { counted, StallingSink, tally } from '../support/sources.ts';

test.serial('ungated frees a notifier: takeUntil is heard while the values wait', async (t) => {
  const notifier = (gated: boolean): rx.Observable<unknown> => {
    const source = fromPull(async function* () {
      await sleep(10);
      yield 1;
    });
    return gated ? source : source.pipe(ungated());
  };
  const seen = tally();
  const sink = new StallingSink<number>();
  const done = drain(counted('async', 1000, seen).pipe(rx.takeUntil(notifier(false))), sink.take, { highWaterMark: 2 });
  await sleep(40);
  t.is(seen.closed, 1);
  sink.release();
  t.true((await done).items <= 2);
});
