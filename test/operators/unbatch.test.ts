import test from 'ava';
import * as rx from 'rxjs';
import { drain, fromPull } from '../../src/flow/index.ts';
import { unbatch } from '../../src/operators/index.ts';
import { upTo } from '../support/flow.ts';
import { quiet, StallingSink } from '../support/sources.ts';

test.serial('unbatch stops in the middle of an array', async (t) => {
  let emitted = 0;
  const sink = new StallingSink<number>();
  const arrays = fromPull(() => [upTo(100), [], upTo(50)]);
  const done = drain(
    arrays.pipe(
      unbatch(),
      rx.tap(() => emitted++),
    ),
    sink.take,
    { highWaterMark: 4 },
  );
  await quiet(() => emitted);
  t.is(emitted, 4);
  sink.release();
  await done;
  t.deepEqual(sink.values, [...upTo(100), ...upTo(50)]);
});
