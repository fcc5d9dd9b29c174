import test from 'ava';
import * as rx from 'rxjs';
import { drain } from '../../src/flow/index.ts';
import { mergeMap } from '../../src/operators/index.ts';
import { collect, upTo } from '../support/flow.ts';
import { counted, quiet, StallingSink, tally } from '../support/sources.ts';

test.serial('mergeMap waits for room before it begins another inner source', async (t) => {
  for (const concurrent of [1, 3, Number.POSITIVE_INFINITY]) {
    let begun = 0;
    const inner = (value: number) => {
      begun++;
      return counted('async', 5).pipe(rx.map((x) => value * 5 + x));
    };
    const outer = tally();
    const sink = new StallingSink<number>();
    const done = drain(counted('async', 100, outer).pipe(mergeMap(inner, concurrent)), sink.take, { highWaterMark: 4 });
    await quiet(() => begun + outer.emitted);
    t.true(begun <= 4 + (concurrent === 3 ? 3 : 4), `${begun} begun`);
    t.true(outer.emitted <= begun + 4, `${outer.emitted} outer values for ${begun}`);
    sink.release();
    await done;
    t.deepEqual(
      [...sink.values].sort((a, b) => a - b),
      upTo(500),
    );
  }
});

test.serial('mergeMap takes promises, arrays, iterables; a shared inner source; and errors at once', async (t) => {
  const inputs = counted('sync', 4).pipe(mergeMap((i) => [[i], Promise.resolve(i), new Set([i]), rx.of(i)][i]!));
  t.deepEqual((await collect(inputs)).sort(), [0, 1, 2, 3]);
  const shared = counted('async', 10).pipe(rx.share());
  t.deepEqual(await collect(rx.of(1).pipe(mergeMap(() => shared, 1))), upTo(10));
  const failing = counted('sync', 4).pipe(mergeMap((i) => (i === 2 ? rx.throwError(() => new Error('bad')) : [i])));
  await t.throwsAsync(
    drain(failing, () => {}),
    { message: 'bad' },
  );
});
