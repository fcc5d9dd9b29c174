import test from 'ava';
import fc from 'fast-check';
import { type Admission, AdmissionQueue } from '../../src/memory/admission.ts';
import { Advisor } from '../../src/memory/advisor.ts';
import { saysPressure } from '../../src/memory/pressure.ts';
import { MiB } from '../../src/units.ts';
import { runs } from '../support/runs.ts';

/** Knows that a `raw` file takes twice its size and its `streamed` reading 10 MiB. */
function taught(): Advisor {
  const advisor = new Advisor();
  for (let size = 10; size <= 100; size += 10) {
    advisor.observe('raw', size * MiB, 2 * size * MiB);
    advisor.observe('raw streamed', size * MiB, 10 * MiB);
  }
  return advisor;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('what fits runs whole, what does not is streamed, what cannot is refused', async (t) => {
  const queue = new AdmissionQueue({ limitBytes: 100 * MiB, advisor: taught() });
  const small = await queue.admit({ format: 'raw', fileBytes: 20 * MiB });
  t.like(small, { way: 'whole', reservedBytes: 40 * MiB });
  const large = await queue.admit({ format: 'raw', fileBytes: 60 * MiB });
  t.like(large, { way: 'streamed', reservedBytes: 10 * MiB });
  const request = { format: 'raw', fileBytes: 60 * MiB, ways: ['whole'], label: 'huge.raw' } as const;
  const error = await t.throwsAsync(queue.admit(request), { code: 'ERR_BUDGET' });
  t.regex(error.message, /huge\.raw within 100\.0 MiB: files of its format take 120\.0 MiB for 60\.0 MiB/);
  small.release();
  small.release();
  large.release({ peakBytes: 12 * MiB });
  t.like(queue.explain(), { reservedBytes: 0, running: 0, peakReservedBytes: 50 * MiB, refused: 1, exceeded: 1 });
  t.is(queue.explain().learned.find(({ name }) => name === 'raw streamed')?.samples, 11);
  t.deepEqual(queue.explain().admitted, { whole: 1, streamed: 1, ahead: 0 });
  t.is(queue.explain().decisions.length, 4);
});

test('on a guess nothing is refused: it has the limit for itself', async (t) => {
  const queue = new AdmissionQueue({ limitBytes: 16 * MiB });
  const alone = await queue.admit({ format: 'new', fileBytes: Number.POSITIVE_INFINITY });
  t.like(alone, { way: 'streamed', reservedBytes: 16 * MiB });
  let isIn = false;
  const next = queue.admit({ format: 'new', fileBytes: 1 }).then((admission) => {
    isIn = true;
    return admission;
  });
  await turn();
  t.false(isIn);
  alone.release({ peakBytes: MiB, format: 'dicom' });
  (await next).release();
  t.deepEqual(queue.explain().learned, [], 'of a file of unknown size nothing is learned');
});

test('of a format that is not known the first five go one after another, and teach how the others fit', async (t) => {
  const queue = new AdmissionQueue({ limitBytes: 1000 * MiB });
  let running = 0;
  const together: number[] = [];
  const work = Array.from({ length: 12 }, async () => {
    const admission = await queue.admit({ format: 'new', fileBytes: 10 * MiB, ways: ['whole'] });
    together.push(++running);
    await turn();
    running--;
    admission.release({ peakBytes: 300 * MiB });
  });
  await Promise.all(work);
  t.deepEqual(together.slice(0, 5), [1, 1, 1, 1, 1]);
  t.is(Math.max(...together), 3, 'then as many as the learned 300 MiB allow, not the guessed 60');
});

test('a format of which nobody reports what it takes is not held back for ever', async (t) => {
  const queue = new AdmissionQueue({ limitBytes: 1000 * MiB });
  for (let file = 0; file < 5; file++) (await queue.admit({ format: 'mute', fileBytes: MiB })).release();
  const pair = [queue.admit({ format: 'mute', fileBytes: MiB }), queue.admit({ format: 'mute', fileBytes: MiB })];
  for (const admission of await Promise.all(pair)) admission.release();
  t.is(queue.explain().running, 0);
});

test('smaller files go ahead of one that does not fit, but not for ever', async (t) => {
  const queue = new AdmissionQueue({ limitBytes: 100 * MiB, advisor: taught(), maxOvertakes: 3 });
  const order: string[] = [];
  const open: Admission[] = [];
  const ask = (label: string, fileBytes: number) =>
    void queue.admit({ format: 'raw', fileBytes, label, ways: ['whole'] }).then((admission) => {
      order.push(label);
      open.push(admission);
    });
  ask('first', 40 * MiB);
  ask('big', 45 * MiB);
  for (let file = 0; file < 6; file++) ask(`small ${file}`, 5 * MiB);
  await turn();
  t.deepEqual(order, ['first', 'small 0', 'small 1'], 'as far as there is room');
  open.splice(1).forEach((admission) => void admission.release());
  await turn();
  t.deepEqual(order, ['first', 'small 0', 'small 1', 'small 2'], 'the third overtakes, then the line is held');
  open.splice(1).forEach((admission) => void admission.release());
  await turn();
  t.is(order.length, 4);
  open[0]!.release();
  await turn();
  t.deepEqual(order.slice(4), ['big', 'small 3']);
});

test('an aborted one leaves the line, and those behind it go on', async (t) => {
  const queue = new AdmissionQueue({ limitBytes: 100 * MiB, advisor: taught(), maxOvertakes: 0 });
  const first = await queue.admit({ format: 'raw', fileBytes: 40 * MiB });
  const controller = new AbortController();
  const { signal } = controller;
  const big = queue.admit({ format: 'raw', fileBytes: 45 * MiB, signal });
  const small = queue.admit({ format: 'raw', fileBytes: MiB });
  await turn();
  t.is(queue.explain().waiting, 2);
  controller.abort(new Error('enough'));
  await t.throwsAsync(big, { message: 'enough' });
  (await small).release();
  first.release();
  await t.throwsAsync(queue.admit({ format: 'raw', fileBytes: 1, signal }), { message: 'enough' });
  t.like(queue.explain(), { waiting: 0, running: 0, reservedBytes: 0 });
});

test.serial('under critical pressure nothing begins beside what runs', async (t) => {
  const voice = {};
  t.teardown(() => saysPressure(voice, undefined));
  const queue = new AdmissionQueue({ limitBytes: 100 * MiB, advisor: taught() });
  saysPressure(voice, 'critical');
  const first = await queue.admit({ format: 'raw', fileBytes: MiB });
  const second = queue.admit({ format: 'raw', fileBytes: MiB });
  await turn();
  t.like(queue.explain(), { running: 1, waiting: 1 });
  first.release();
  (await second).release();
});

test('whatever comes, what is set aside stays within the limit and all get through', async (t) => {
  const file = fc.record({ mebibytes: fc.integer({ min: 0, max: 50 }), turns: fc.integer({ min: 0, max: 4 }) });
  const property = fc.asyncProperty(
    fc.array(file, { maxLength: 60 }),
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 0, max: 5 }),
    async (files, concurrency, maxOvertakes) => {
      const queue = new AdmissionQueue({ limitBytes: 100 * MiB, advisor: taught(), concurrency, maxOvertakes });
      let held = 0;
      let running = 0;
      const work = files.map(async ({ mebibytes, turns }) => {
        const admission = await queue.admit({ format: 'raw', fileBytes: mebibytes * MiB });
        held += admission.reservedBytes;
        if (held > queue.limitBytes || ++running > concurrency) throw new Error(`${running} with ${held} bytes`);
        for (let left = turns; left > 0; left--) await turn();
        held -= admission.reservedBytes;
        running--;
        admission.release();
      });
      await Promise.all(work);
      return queue.explain().reservedBytes === 0 && queue.explain().running === 0;
    },
  );
  await t.notThrowsAsync(fc.assert(property, { numRuns: runs(300) }));
});

test('options are checked at the call', (t) => {
  t.throws(() => new AdmissionQueue({ limitBytes: 0 }), { code: 'ERR_OPTION' });
  t.throws(() => new AdmissionQueue({ limitBytes: 1, concurrency: 0 }), { code: 'ERR_OPTION' });
  t.throws(() => new AdmissionQueue({ limitBytes: 1, maxOvertakes: -1 }), { code: 'ERR_OPTION' });
});
