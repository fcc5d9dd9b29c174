import test from 'ava';
import * as rx from 'rxjs';
import { asapScheduler } from 'rxjs';
import { backpressure, delay, observeOn, prefetch, rateLimit } from '../../src/operators/index.ts';
import { ranAhead } from '../support/flow.ts';

test.serial('backpressure and prefetch hold their mark, delay and observeOn theirs', async (t) => {
  t.true((await ranAhead(backpressure({ highWaterMark: 5 }))) <= 4 + 5);
  t.true((await ranAhead(prefetch(3))) <= 4 + 3);
  t.true((await ranAhead(delay(1, rx.asyncScheduler, { highWaterMark: 6 }))) <= 4 + 6);
  t.true((await ranAhead(observeOn(asapScheduler, 0, { highWaterMark: 6 }))) <= 4 + 6);
  t.true((await ranAhead(rateLimit({ itemsPerSecond: 1e6 }))) <= 4 + 1);
});
