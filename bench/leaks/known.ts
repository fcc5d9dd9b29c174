// The workloads by which the detector was designed.
import { KiB } from '../../src/units.ts';
import { between, both, ITEMS, type Makers, type Random, record, text, type Work } from './workload.ts';

/** A map that forgets its oldest entry. */
function cacheOf(maxCount: number, keyCount: number, entryBytes: number, next: Random): Work {
  const cache = new Map<number, string>();
  return () => {
    const key = Math.floor(keyCount * next() ** 2);
    cache.delete(key);
    cache.set(key, text(key, entryBytes));
    if (cache.size > maxCount) cache.delete(cache.keys().next().value!);
  };
}

/** Objects that live for a random time. */
function livingOf(meanItems: number, entryBytes: number, next: Random): Work {
  const living = new Map<number, { readonly until: number; readonly data: string }>();
  return (index) => {
    living.set(index, { until: index - meanItems * Math.log(1 - next()), data: text(index, entryBytes) });
    if (index % 50 === 0) for (const [key, { until }] of living) if (until < index) living.delete(key);
  };
}

/** Gathers, and writes all of it away when there is enough. */
function batchOf(count: number): Work {
  let batch: object[] = [];
  return (index) => {
    batch.push(record(index));
    if (batch.length >= count) batch = [];
  };
}

/** Loads something for good, now and then: what a long program does as it meets new things. */
function phasesOf(count: number, bytes: number, next: Random): Work {
  const starts = Array.from({ length: count }, () => Math.floor(ITEMS * next()));
  const loaded: Buffer[] = [];
  return (index) => {
    if (starts.includes(index)) loaded.push(Buffer.alloc(bytes, 1));
  };
}

function leakOf(bytes: number, oneIn: number, next: Random): Work {
  const kept: string[] = [];
  // a slice of its own: text() of the same index is not shared
  return (index) => {
    if (next() * oneIn < 1) kept.push(text(index, bytes));
  };
}

function bufferLeak(bytes: number): Work {
  const kept: Buffer[] = [];
  return () => {
    kept.push(Buffer.allocUnsafeSlow(bytes));
  };
}

function listenerLeak(): Work {
  const target = new EventTarget();
  return (index) => {
    target.addEventListener('end', () => index);
  };
}

export const healthy: Makers = {
  'records that pass': () => (index) => void JSON.stringify(record(index)),
  'a cache that is full early': (r) => cacheOf(between(r, 200, 2000), between(r, 3000, 9000), between(r, 200, 2000), r),
  'objects that live for a random time': (r) => livingOf(between(r, 50, 1500), between(r, 200, 4000), r),
  batches: (r) => batchOf(between(r, 150, 2000)),
  'Buffers that pass': (r) => {
    const bytes = between(r, 1, 64) * KiB;
    return () => void Buffer.allocUnsafeSlow(bytes).fill(1);
  },
  'phases that load something': (r) => phasesOf(between(r, 1, 3), between(r, 1, 8) * 1024 * KiB, r),
  'all of it': (r) => both(cacheOf(500, 4000, 1000, r), livingOf(300, 500, r), batchOf(between(r, 150, 900))),
};

export const leaking: Makers = {
  'text of each item': (r) => leakOf(between(r, 40, 2000), 1, r),
  'text of one item in ten': (r) => leakOf(between(r, 400, 8000), 10, r),
  Buffers: (r) => bufferLeak(between(r, 60, 4000)),
  listeners: () => listenerLeak(),
  'under a cache': (r) => both(leakOf(between(r, 100, 2000), 1, r), cacheOf(between(r, 200, 1000), 5000, 500, r)),
  'under objects that live for a random time': (r) =>
    both(leakOf(between(r, 200, 2000), 1, r), livingOf(between(r, 50, 500), between(r, 200, 1000), r)),
  'under batches': (r) => both(leakOf(between(r, 200, 2000), 1, r), batchOf(between(r, 150, 1200))),
};
