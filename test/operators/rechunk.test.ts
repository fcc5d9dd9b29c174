import { randomBytes } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import * as rx from 'rxjs';
import { drain, fromPull } from '../../src/flow/index.ts';
import { saysPressure } from '../../src/memory/pressure.ts';
import { rechunk } from '../../src/operators/index.ts';
import { KiB, MiB } from '../../src/units.ts';
import { collect } from '../support/flow.ts';
import { runs } from '../support/runs.ts';
import { quiet, StallingSink } from '../support/sources.ts';

test('the same bytes come out, in chunks of one size', async (t) => {
  const sizes = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 });
  const property = fc.asyncProperty(sizes, fc.integer({ min: 1, max: 64 }), async (pieces, chunkBytes) => {
    const given = pieces.map((size) => randomBytes(size));
    const chunks = await collect(fromPull(() => given).pipe(rechunk(chunkBytes)));
    const lengths = chunks.map((chunk) => chunk.length);
    return (
      Buffer.concat(chunks).equals(Buffer.concat(given)) &&
      lengths.slice(0, -1).every((length) => length === chunkBytes) &&
      lengths.every((length) => length > 0 && length <= chunkBytes)
    );
  });
  await t.notThrowsAsync(fc.assert(property, { numRuns: runs(500) }));
});

test.serial('by itself the size grows and shrinks, and no byte is lost', async (t) => {
  const voice = {};
  t.teardown(() => saysPressure(voice, undefined));
  const pieces = Array.from({ length: 200 }, (_, index) => Buffer.alloc(100_000, index));
  const lengths: number[] = [];
  let next = 0;
  await drain(fromPull(() => pieces).pipe(rechunk('auto')), (chunk) => {
    if (chunk.some((byte) => byte !== Math.floor(next++ / 100_000) % 256)) throw new Error(`wrong byte before ${next}`);
    lengths.push(chunk.length);
    if (lengths.length === 20) saysPressure(voice, 'critical');
  });
  t.is(next, 20_000_000);
  t.true(lengths.slice(0, 20).every((length) => length >= 256 * KiB && length <= MiB));
  // one that was cut before the pressure came is still on its way
  t.true(
    lengths.slice(24, -1).every((length) => length <= 256 * KiB),
    `${lengths.slice(20)}`,
  );
});

test('one large piece is cut as the sink takes it', async (t) => {
  let emitted = 0;
  const sink = new StallingSink<Buffer>();
  const chunks = fromPull(() => [randomBytes(100_000)]).pipe(
    rechunk(100),
    rx.tap(() => emitted++),
  );
  const done = drain(chunks, sink.take, { highWaterMark: 4 });
  await quiet(() => emitted);
  t.is(emitted, 4);
  sink.release();
  t.is((await done).items, 1000);
});
