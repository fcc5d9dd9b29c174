// Workloads that came when the detector was done: nothing of it was chosen by them.
import { Subject } from 'rxjs';
import { drain } from '../../src/flow/drain.ts';
import { from } from '../../src/flow/from.ts';
import { mapAsync } from '../../src/operators/map-async.ts';
import { between, both, type Makers, type Random, record, text, type Work } from './workload.ts';

/** The last values, whatever their size. */
function windowOf(count: number, forgets: (index: number) => boolean, make: (index: number) => unknown): Work {
  const kept = new Map<number, unknown>();
  return (index) => {
    kept.set(index, make(index));
    if (!forgets(index)) kept.delete(index - count);
  };
}

/** What comes in and goes out is random, between empty and full: the depth wanders. */
function wanderingQueue(mostItems: number, entryBytes: number, next: Random): Work {
  const queue: string[] = [];
  return (index) => {
    for (let step = 0; step < 8; step++) {
      if (next() < 0.5) queue.pop();
      else if (queue.length < mostItems) queue.push(text(index, entryBytes));
    }
  };
}

/** Each word once, of a language that has so many. */
function wordsOf(count: number, next: Random): Work {
  const words = new Map<string, object>();
  return () => {
    for (let word = 0; word < 10; word++) {
      const key = `word ${Math.floor(count * next())}`;
      if (!words.has(key)) words.set(key, { key, letters: [...key] });
    }
  };
}

/** A Buffer that doubles as it fills, and begins anew when it is flushed. */
function growingBuffer(flushBytes: number, next: Random): Work {
  let bytes = Buffer.allocUnsafeSlow(1024);
  let used = 0;
  return () => {
    used += between(next, 100, 3000);
    while (used > bytes.length) bytes = Buffer.concat([bytes, Buffer.allocUnsafeSlow(bytes.length)]);
    if (used < flushBytes) return;
    used = 0;
    bytes = Buffer.allocUnsafeSlow(1024);
  };
}

/** Facts about objects that pass: they go with them. */
function weakFacts(): Work {
  const facts = new WeakMap<object, string>();
  return (index) => void facts.set(record(index), text(index, 500));
}

/** A small run of a real pipeline for each item. */
function pipelines(next: Random): Work {
  const values = Array.from({ length: between(next, 2, 20) }, (_, index) => record(index));
  const stage = mapAsync(async (value: object) => JSON.stringify(value), { concurrency: 2 });
  return async () => void (await drain(from(values).pipe(stage), () => {}));
}

/** Work that comes in waves: `count` items live at the height of one. */
function waves(count: number, periodItems: number, entryBytes: number): Work {
  const living: string[] = [];
  return (index) => {
    const wanted = Math.round((count / 2) * (1 + Math.sin((2 * Math.PI * index) / periodItems)));
    while (living.length > wanted) living.pop();
    while (living.length < wanted) living.push(text(living.length, entryBytes));
  };
}

/** A subscriber of each item, which never leaves. */
function subscribers(): Work {
  const ends = new Subject<number>();
  return (index) => void ends.subscribe((end) => void (end + index));
}

/** A few bytes of each Buffer are kept, and with them all of it. */
function views(bytes: number): Work {
  const kept: Buffer[] = [];
  return () => void kept.push(Buffer.allocUnsafeSlow(bytes).subarray(0, 16));
}

/** Promises that nobody will settle, each with what waits for it. */
function pendingPromises(): Work {
  const pending: Promise<void>[] = [];
  return (index) => {
    const waiting = record(index);
    pending.push(new Promise<void>(() => {}).then(() => void JSON.stringify(waiting)));
  };
}

/** Now and then many at once. */
function bursts(everyItems: number, bytes: number): Work {
  const kept: string[] = [];
  return (index) => {
    if (index % everyItems === 0) for (let each = 0; each < everyItems; each++) kept.push(text(each, bytes));
  };
}

const never = () => false;

export const healthy: Makers = {
  'a window of values': (r) => windowOf(between(r, 10, 2000), never, (i) => text(i, between(r, 10, 3000))),
  'a queue whose depth wanders': (r) => wanderingQueue(between(r, 20, 300), between(r, 100, 5000), r),
  'words of a language': (r) => wordsOf(between(r, 500, 8000), r),
  'a Buffer that grows and is flushed': (r) => growingBuffer(between(r, 50_000, 2_000_000), r),
  'facts about objects that pass': () => weakFacts(),
  'a pipeline for each item': (r) => pipelines(r),
  'waves of work': (r) => waves(between(r, 100, 2000), between(r, 100, 800), between(r, 100, 2000)),
};

export const leaking: Makers = {
  'a window that forgets some': (r) => {
    const oneIn = between(r, 2, 20);
    return windowOf(
      between(r, 10, 1000),
      (i) => i % oneIn === 0,
      (i) => text(i, between(r, 800, 4000)),
    );
  },
  'subscribers that never leave': () => subscribers(),
  'views of Buffers': (r) => views(between(r, 100, 4000)),
  'promises that nobody settles': () => pendingPromises(),
  'many at once, now and then': (r) => bursts(between(r, 20, 400), between(r, 50, 1000)),
  'under waves of work': (r) =>
    both(
      windowOf(
        0,
        () => true,
        (i) => text(i, between(r, 200, 2000)),
      ),
      waves(between(r, 50, 500), between(r, 100, 800), 500),
    ),
  'under a pipeline for each item': (r) => {
    const [pipeline, leak] = [pipelines(r), views(between(r, 100, 1000))];
    return async (index) => {
      void leak(index);
      await pipeline(index);
    };
  },
};
