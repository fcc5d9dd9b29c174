import test from 'ava';
import * as rx from 'rxjs';
import {
  backpressure,
  batch,
  idleTimeout,
  mapAsync,
  mergeMap,
  prefetch,
  rateLimit,
} from '../../src/operators/index.ts';

test('wrong options are refused at the call, and named', (t) => {
  const cases: [() => unknown, RegExp][] = [
    [() => mapAsync(async (x: number) => x, { concurrency: 0 }), /concurrency/],
    [() => mapAsync(1 as never), /project/],
    [() => batch({ count: -1 }), /count/],
    [() => prefetch(0), /count/],
    [() => idleTimeout(0), /idleMs/],
    [() => mergeMap(() => rx.EMPTY, 0), /concurrent/],
    [() => rateLimit({ itemsPerSecond: 0 }), /itemsPerSecond/],
    [() => backpressure({ overflow: 'drop' as never }), /overflow.*'drop'/],
  ];
  for (const [call, message] of cases) t.throws(call, { code: 'ERR_OPTION', message });
});
