import test from 'ava';
import fc from 'fast-check';
import type { Input } from '../../src/bytes/input.ts';
import { MemoryInput } from '../../src/bytes/memory-input.ts';
import { PageCache } from '../../src/bytes/page-cache.ts';

const BYTES = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index & 0xff));

/** An input that answers later, and overwrites what it lent. */
function slowInput(counter = { reads: 0 }): Input {
  const plain = new MemoryInput(BYTES);
  return {
    ...{ name: 'slow:', sizeBytes: BYTES.length, mtime: undefined, isSeekable: true, bytesRead: 0 },
    async read(offset, lengthBytes) {
      await undefined;
      counter.reads++;
      const bytes = Buffer.from(plain.read(offset, lengthBytes).bytes);
      return { bytes, offset, release: () => void bytes.fill(0) };
    },
    close: () => {},
  };
}

function bytesOf(cache: PageCache, offset: number, lengthBytes: number): Buffer {
  const page = cache.span(offset, lengthBytes);
  return Buffer.from(page.bytes.subarray(offset - page.offset, offset - page.offset + lengthBytes));
}

test('any bytes come as they are, at once or later, whatever the pages', async (t) => {
  const place = fc.tuple(fc.nat(BYTES.length), fc.nat(3000));
  await fc.assert(
    fc.asyncProperty(
      fc.array(place, { maxLength: 20 }),
      fc.constantFrom(16, 100, 4096),
      fc.boolean(),
      async (places, pageBytes, isSlow) => {
        const input = isSlow ? slowInput() : new MemoryInput(BYTES);
        const cache = new PageCache(input, { pageBytes, capacityBytes: 4 * pageBytes });
        for (const [offset, length] of places) {
          const lengthBytes = Math.min(length, BYTES.length - offset);
          const result = cache.run(() => bytesOf(cache, offset, lengthBytes));
          t.deepEqual(await result, BYTES.subarray(offset, offset + lengthBytes));
        }
      },
    ),
  );
});

test('a step over an input that answers at once runs once and gives a plain value', (t) => {
  const cache = new PageCache(new MemoryInput(BYTES), { pageBytes: 100 });
  let runs = 0;
  const result = cache.run(() => {
    runs++;
    return [bytesOf(cache, 5000, 3)[0], bytesOf(cache, 9, 300)[0]];
  });
  t.deepEqual(result, [5000 & 0xff, 9]);
  t.is(runs, 1);
});

test('a step whose bytes are missing is started again for each read', async (t) => {
  const counter = { reads: 0 };
  const cache = new PageCache(slowInput(counter), { pageBytes: 100 });
  let runs = 0;
  const result = cache.run(() => {
    runs++;
    return [bytesOf(cache, 5000, 3)[0], bytesOf(cache, 950, 300)[0]];
  });
  t.true(result instanceof Promise);
  t.deepEqual(await result, [5000 & 0xff, 950 & 0xff]);
  t.is(counter.reads, 2);
  t.is(runs, 3);
  cache.run(() => bytesOf(cache, 5000, 3));
  t.is(counter.reads, 2);
});

test('reads in order grow, so that a file costs few of them', (t) => {
  const input = new MemoryInput(BYTES);
  let reads = 0;
  const counted: Input = {
    ...input,
    sizeBytes: BYTES.length,
    isSeekable: true,
    name: 'm:',
    mtime: undefined,
    bytesRead: 0,
    close: () => {},
    read: (offset, lengthBytes) => {
      reads++;
      return input.read(offset, lengthBytes);
    },
  };
  const cache = new PageCache(counted, { pageBytes: 100, capacityBytes: 1000 });
  for (let offset = 0; offset < BYTES.length; offset += 10) cache.run(() => bytesOf(cache, offset, 10));
  t.true(reads <= 30, `${reads} reads`);
});

test('pages beyond the capacity are dropped between steps, those of a step stay', (t) => {
  const cache = new PageCache(new MemoryInput(BYTES), { pageBytes: 100, capacityBytes: 300 });
  const found = cache.run(() => {
    const first = cache.span(0, 10);
    for (let offset = 100; offset < 5000; offset += 100) cache.span(offset, 10);
    return Buffer.from(first.bytes.subarray(0, 10));
  });
  t.deepEqual(found, BYTES.subarray(0, 10));
});

test('one step cannot hold more than its limit', (t) => {
  const cache = new PageCache(new MemoryInput(BYTES), { pageBytes: 100, capacityBytes: 200, maxStepBytes: 1000 });
  const many = () => {
    for (let offset = 0; offset < 5000; offset += 100) cache.span(offset, 10);
  };
  t.throws(() => cache.run(many), { code: 'ERR_LIMIT' });
  t.throws(() => cache.run(() => cache.span(0, 2000)), { code: 'ERR_LIMIT' });
});

test('bytes behind the end are a truncated input, before anything is allocated', (t) => {
  const cache = new PageCache(new MemoryInput(BYTES));
  for (const [offset, lengthBytes] of [
    [9_999, 2],
    [-1, 1],
    [2 ** 52, 1],
    [0, 2 ** 40],
    [Number.NaN, 1],
  ] as const) {
    t.throws(() => cache.run(() => cache.span(offset, lengthBytes)), { code: 'ERR_TRUNCATED_INPUT' });
  }
});

test('an input that cannot seek is refused', (t) => {
  const pipe = { ...slowInput(), isSeekable: false };
  t.throws(() => new PageCache(pipe), { code: 'ERR_NOT_SEEKABLE' });
  t.throws(() => new PageCache({ ...slowInput(), sizeBytes: undefined }), { code: 'ERR_NOT_SEEKABLE' });
});

test('an error of the input is the error of the step, and the next step reads again', async (t) => {
  let isBroken = true;
  const input = slowInput();
  const read = input.read.bind(input);
  input.read = (offset, lengthBytes) => (isBroken ? Promise.reject(new Error('gone')) : read(offset, lengthBytes));
  const cache = new PageCache(input);
  await t.throwsAsync(async () => cache.run(() => bytesOf(cache, 0, 4)), { message: 'gone' });
  isBroken = false;
  t.deepEqual(await cache.run(() => bytesOf(cache, 0, 4)), BYTES.subarray(0, 4));
});
