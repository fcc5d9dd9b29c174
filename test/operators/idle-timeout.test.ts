import test from 'ava';
import * as rx from 'rxjs';
import { drain } from '../../src/flow/index.ts';
import { idleTimeout } from '../../src/operators/index.ts';
import { sleep } from '../support/flow.ts';
import { counted } from '../support/sources.ts';

test.serial('idleTimeout takes backpressure for no silence, and silence for one', async (t) => {
  const slow = drain(counted('sync', 5).pipe(idleTimeout(15)), () => sleep(40), { highWaterMark: 1 });
  t.is((await slow).items, 5);
  const silent = rx.concat(rx.of(1), rx.NEVER).pipe(idleTimeout(15));
  await t.throwsAsync(
    drain(silent, () => {}),
    { code: 'ERR_TIMEOUT' },
  );
});
