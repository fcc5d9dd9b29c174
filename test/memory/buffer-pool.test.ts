import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import fc from 'fast-check';
import { BufferPool } from '../../src/memory/buffer-pool.ts';
import type { BufferLease } from '../../src/memory/lease.ts';
import type { LostLease } from '../../src/memory/lost-leases.ts';
import { KiB, MiB } from '../../src/units.ts';
import { runs } from '../support/runs.ts';
import { until } from '../support/until.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('memory is used again, and counted', (t) => {
  const pool = new BufferPool();
  const first = pool.acquire(100_000);
  t.is(first.bytes.length, 100_000);
  t.is(first.heldBytes, 128 * KiB);
  const memory = first.bytes.buffer;
  const { byteOffset } = first.bytes;
  first.release();
  const second = pool.acquire(128 * KiB);
  t.is(second.bytes.buffer, memory);
  t.is(second.bytes.byteOffset, byteOffset);
  const third = pool.acquire(10);
  t.deepEqual(pool.stats(), {
    allocations: 2,
    reuses: 1,
    currentlyAvailable: 0,
    inUse: 2,
    peak: 2,
    inUseBytes: 192 * KiB,
    peakBytes: 192 * KiB,
    heldBytes: 192 * KiB,
    lost: 0,
  });
  second.release();
  third.release();
  t.like(pool.stats(), { inUse: 0, inUseBytes: 0, currentlyAvailable: 2, heldBytes: 192 * KiB, peak: 2 });
});

test('pooled memory begins on a page, where the allocator maps as glibc does', (t) => {
  const pool = new BufferPool();
  for (const bytes of [1, 64 * KiB, 200 * KiB, MiB, 8 * MiB]) {
    const lease = pool.acquire(bytes);
    t.is((lease.bytes.byteOffset + 16) % 4096, 0);
    lease.release();
  }
});

test('a second release and a use after the release are an ERR_LEASE', (t) => {
  for (const isDebug of [false, true]) {
    const lease = new BufferPool({ isDebug }).acquire(10, 'a.dcm');
    lease.release();
    t.throws(() => lease.release(), { code: 'ERR_LEASE', message: /a\.dcm/ });
    t.throws(() => lease.bytes, { code: 'ERR_LEASE' });
  }
});

test('in debug mode a view that outlives its lease is empty, and the error names the place that took it', (t) => {
  const lease = new BufferPool({ isDebug: true }).acquire(1000, 'a.dcm');
  const view = lease.bytes.subarray(10, 20);
  lease.release();
  t.is(view.length, 0);
  t.throws(() => lease.release(), { message: /buffer-pool\.test/ });
});

test('beyond its bound, and beyond 8 MiB, a lease has memory of its own', (t) => {
  const pool = new BufferPool({ maxBytes: MiB });
  const leases = [pool.acquire(MiB), pool.acquire(MiB), pool.acquire(9 * MiB)];
  t.like(pool.stats(), { heldBytes: MiB, inUse: 3, allocations: 3 });
  for (const lease of leases) lease.release();
  t.like(pool.stats(), { heldBytes: MiB, inUse: 0, currentlyAvailable: 1, inUseBytes: 0 });
});

test('more than there can be is an ERR_BUDGET and never a RangeError', (t) => {
  const pool = new BufferPool();
  t.throws(() => pool.acquire(2 ** 52), { code: 'ERR_BUDGET' });
  t.is(pool.stats().inUse, 0);
  t.throws(() => pool.acquire(-1), { code: 'ERR_OPTION' });
});

test('at its bound, idle memory of one size serves another', (t) => {
  const pool = new BufferPool({ maxBytes: 8 * MiB });
  pool.acquire(8 * MiB).release();
  const lease = pool.acquire(64 * KiB);
  t.like(pool.stats(), { heldBytes: 64 * KiB, currentlyAvailable: 0 });
  lease.release();
});

test('trim gives back what is idle, and spares what is out', (t) => {
  const pool = new BufferPool({ maxBytes: 256 * MiB });
  const kept = pool.acquire(MiB);
  const others = Array.from({ length: 40 }, () => pool.acquire(MiB));
  const [idle] = others.slice(-1).map(({ bytes }) => bytes.buffer);
  for (const lease of others) lease.release();
  pool.trim();
  kept.bytes.fill(7);
  t.is(kept.bytes[MiB - 1], 7);
  t.true(pool.stats().heldBytes <= 32 * MiB);
  t.is(idle?.byteLength, 0, 'freed at once, not by the collector');
  kept.release();
  pool.trim();
  t.like(pool.stats(), { heldBytes: 0, currentlyAvailable: 0 });
  pool.acquire(MiB).release();
});

test('a lease that is dropped is told with its owner, and its memory is not lent again', async (t) => {
  const lost: LostLease[] = [];
  const pool = new BufferPool({ onLost: (lease) => lost.push(lease) });
  const view = (() => pool.acquire(64 * KiB, 'a.dcm').bytes.fill(1))();
  await until(() => {
    collect();
    return lost.length > 0;
  });
  t.deepEqual(lost, [{ heldBytes: 64 * KiB, place: 'a.dcm' }]);
  t.like(pool.stats(), { lost: 1, inUse: 0, heldBytes: 0 });
  pool.acquire(64 * KiB).bytes.fill(2);
  pool.trim();
  t.true(view.every((byte) => byte === 1));
});

test('leases that are out never share a byte, and none is lost, whatever is taken, given back and trimmed', (t) => {
  const step = fc.oneof(
    fc.record({ acquire: fc.oneof(fc.nat({ max: 9 * MiB }), fc.nat({ max: 200 * KiB })) }),
    fc.record({ release: fc.nat() }),
    fc.constant({ trim: true as const }),
  );
  const bounds = fc.constantFrom(64 * KiB, MiB, 5 * MiB, 64 * MiB);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), bounds, (steps, maxBytes) => {
      const pool = new BufferPool({ maxBytes });
      const out: BufferLease[] = [];
      for (const each of steps) {
        if ('acquire' in each) {
          const lease = pool.acquire(each.acquire);
          if (lease.bytes.length !== each.acquire) throw new Error('a lease of another length');
          if (out.some((other) => overlaps(other.bytes, lease.bytes))) throw new Error('two leases share bytes');
          out.push(lease);
        } else if ('release' in each) out.splice(each.release % (out.length + 1), 1)[0]?.release();
        else pool.trim();
        const { inUse, heldBytes } = pool.stats();
        if (inUse !== out.length) throw new Error(`${inUse} of ${out.length} are counted`);
        if (heldBytes > maxBytes) throw new Error('above the bound');
        if (out.some(({ bytes, heldBytes: held }) => bytes.length === 0 && held > 64 * KiB))
          throw new Error('freed while out');
      }
      for (const lease of out) lease.release();
      if (pool.stats().inUseBytes !== 0) throw new Error('bytes stayed out');
      pool.trim();
      if (pool.stats().heldBytes !== 0) throw new Error('memory stayed');
    }),
    { numRuns: runs(1000) },
  );
  t.pass();
});

function overlaps(a: Buffer, b: Buffer): boolean {
  if (a.buffer !== b.buffer) return false;
  return a.byteOffset < b.byteOffset + b.length && b.byteOffset < a.byteOffset + a.length;
}

test('memory that nobody takes for a while goes back to the system', async (t) => {
  const pool = new BufferPool({ idleMs: 20 });
  pool.acquire(MiB).release();
  t.is(pool.stats().heldBytes, MiB);
  await until(() => pool.stats().heldBytes === 0);
  pool.acquire(MiB).release();
  t.is(pool.stats().heldBytes, MiB);
  t.throws(() => new BufferPool({ idleMs: 0 }), { code: 'ERR_OPTION' });
});
