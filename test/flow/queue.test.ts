import test from 'ava';
import fc from 'fast-check';
import { Queue } from '../../src/flow/queue.ts';
import { runs } from '../support/runs.ts';

test('a queue is an array with push, shift and a sum of bytes', (t) => {
  const step = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom('shift', 'all', 'clear'));
  const property = fc.property(fc.array(step, { maxLength: 3000, size: 'max' }), (steps) => {
    const queue = new Queue<number>();
    let model: number[] = [];
    for (const action of steps) {
      if (typeof action === 'number') {
        model.push(action);
        queue.push(action, action);
      } else if (action === 'shift' && model.length > 0) {
        t.is(queue.first, model[0]!);
        t.is(queue.firstBytes, model[0]!);
        t.is(queue.shift(), model.shift()!);
      } else if (action === 'all') {
        t.deepEqual(queue.takeAll(), model);
        model = [];
      } else if (action === 'clear') {
        queue.clear();
        model = [];
      }
      t.is(queue.length, model.length);
      t.is(
        queue.bytes,
        model.reduce((a, b) => a + b, 0),
      );
    }
  });
  t.notThrows(() => fc.assert(property, { numRuns: runs(100) }));
});

test('a long queue gives its memory back while it runs', (t) => {
  const queue = new Queue<number>();
  for (let i = 0; i < 5000; i++) queue.push(i, 1);
  for (let i = 0; i < 100_000; i++) {
    if (queue.shift() !== i) t.fail(`${i} is out of order`);
    queue.push(i + 5000, 1);
  }
  t.is(queue.length, 5000);
  t.is(queue.first, 100_000);
});
