import test from 'ava';
import { rateLimit } from '../../src/operators/index.ts';
import { collect, upTo } from '../support/flow.ts';
import { counted } from '../support/sources.ts';

test.serial('rateLimit keeps the rate', async (t) => {
  const start = performance.now();
  const options = { itemsPerSecond: 1000, burstSeconds: 0.01 };
  t.deepEqual(await collect(counted('sync', 60).pipe(rateLimit(options))), upTo(60));
  t.true(performance.now() - start >= 40);
});
