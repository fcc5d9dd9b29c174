import test, { type ExecutionContext } from 'ava';
import type { ByteSource } from '../../src/bytes/byte-source.ts';
import { type Input, isPromise } from '../../src/bytes/input.ts';
import { SequentialInput } from '../../src/bytes/sequential-input.ts';
import { BufferPool } from '../../src/memory/buffer-pool.ts';
import { KiB } from '../../src/units.ts';

const counted = Buffer.from(Array.from({ length: 200 * KiB }, (_, index) => index % 251));

/** An input that is closed after the test. */
function pipe(t: ExecutionContext, bytes: ByteSource, rewindBytes?: number): SequentialInput {
  const input = new SequentialInput(bytes, { name: 'pipe', rewindBytes });
  t.teardown(() => input.close());
  return input;
}

/** A copy of what a read gives. */
async function bytesOf(input: Input, offset: number, lengthBytes: number): Promise<Buffer> {
  const chunk = await input.read(offset, lengthBytes);
  const bytes = Buffer.from(chunk.bytes);
  chunk.release();
  return bytes;
}

/** Gives `bytes` in pieces, at once or later; fails at the end if told to. */
function source(bytes: Buffer, pieceBytes: number, how: { isLater?: boolean; failure?: Error } = {}): ByteSource {
  let offset = 0;
  const step = () => {
    if (offset >= bytes.length && how.failure) throw how.failure;
    const piece = bytes.subarray(offset, offset + pieceBytes);
    offset += pieceBytes;
    return piece.length === 0 ? undefined : piece;
  };
  return { pull: () => (how.isLater ? Promise.resolve().then(step) : step()), close: () => {} };
}

for (const pieceBytes of [1, 7, 1000, 8 * KiB, 100 * KiB]) {
  test(`reads do not depend on pieces of ${pieceBytes} bytes, at once or later`, async (t) => {
    for (const isLater of [false, true]) {
      const input = pipe(t, source(counted, pieceBytes, { isLater }));
      for (const [offset, lengthBytes] of [
        [0, 10],
        [5, 100],
        [0, 20_000],
        [30_000, 1],
        [29_000, 70_000],
        [204_000, 9000],
      ] as const) {
        const chunk = await input.read(offset, lengthBytes);
        t.is(chunk.offset, offset);
        t.true(chunk.bytes.equals(counted.subarray(offset, offset + lengthBytes)));
        chunk.release();
      }
      t.is(input.sizeBytes, counted.length);
      t.is((await bytesOf(input, counted.length, 1)).length, 0);
      t.is((await bytesOf(input, counted.length + 999, 1)).length, 0);
    }
  });
}

test('a source that answers at once needs no promise', (t) => {
  const input = pipe(t, source(counted, 100));
  const chunk = input.read(1000, 5000);
  t.false(isPromise(chunk));
  if (!isPromise(chunk)) chunk.release();
  input.close();
});

test('a read further back than the rewind window fails and names the offset', async (t) => {
  const input = pipe(t, source(counted, 1000), 5000);
  await bytesOf(input, 100_000, 1000);
  t.is((await bytesOf(input, 96_000, 10)).length, 10);
  const error = t.throws(() => input.read(90_000, 10), { code: 'ERR_NOT_SEEKABLE' });
  t.like(error, { offset: 90_000, file: 'pipe' });
  t.true((await bytesOf(input, 101_000, 5)).equals(counted.subarray(101_000, 101_005)));
});

test('the last read can be read again, even if it is longer than the window', async (t) => {
  const input = pipe(t, source(counted, 1000), 10);
  await bytesOf(input, 1000, 150_000);
  t.true((await bytesOf(input, 1000, 9)).equals(counted.subarray(1000, 1009)));
});

test('a skip forward holds no more than the window', async (t) => {
  const input = pipe(t, source(counted, 1000), 2000);
  await bytesOf(input, 150_000, 10);
  t.throws(() => input.read(140_000, 10), { code: 'ERR_NOT_SEEKABLE' });
  t.is(input.bytesRead, 10);
});

test('a failure comes behind all bytes before it, and stays', async (t) => {
  for (const isLater of [false, true]) {
    const failure = new Error('wire cut');
    const input = pipe(t, source(counted, 999, { isLater, failure }));
    t.is((await bytesOf(input, counted.length - 50, 100)).length, 50);
    for (let attempt = 0; attempt < 2; attempt++) {
      const error = await t.throwsAsync(async () => input.read(counted.length, 1), { code: 'ERR_INPUT_READ' });
      t.is(error?.cause, failure);
    }
  }
});

test('two reads in flight are answered in their order', async (t) => {
  const input = pipe(t, source(counted, 500, { isLater: true }), 0);
  const [first, second] = await Promise.all([input.read(0, 3000), input.read(3000, 3000)]);
  t.true(Buffer.concat([first.bytes, second.bytes]).equals(counted.subarray(0, 6000)));
  first.release();
  second.release();
  await input.close();
});

test('an abort rejects at once, and the next read loses nothing', async (t) => {
  let arrive: (bytes: Buffer) => void = () => {};
  const pull = () =>
    new Promise<Buffer>((resolve) => {
      arrive = resolve;
    });
  const input = pipe(t, { pull, close: () => {} });
  const controller = new AbortController();
  const read = input.read(0, 4, controller.signal);
  controller.abort(new Error('enough'));
  await t.throwsAsync(async () => read, { message: 'enough' });
  const again = bytesOf(input, 0, 4);
  arrive(Buffer.from('tide'));
  t.is((await again).toString(), 'tide');
  await input.close();
});

test('an aborted read that waits for its turn spoils nothing for those around it', async (t) => {
  const input = pipe(t, source(counted, 500, { isLater: true }), 0);
  const controller = new AbortController();
  const first = bytesOf(input, 0, 20_000);
  const second = Promise.resolve(input.read(20_000, 10, controller.signal));
  const third = bytesOf(input, 30_000, 1000);
  controller.abort(new Error('enough'));
  await t.throwsAsync(second, { message: 'enough' });
  t.true((await first).equals(counted.subarray(0, 20_000)));
  t.true((await third).equals(counted.subarray(30_000, 31_000)));
});

test('a close while a read waits fails that read, and takes no memory along', async (t) => {
  const pool = new BufferPool();
  let arrive: (bytes: Buffer) => void = () => {};
  const pull = () =>
    new Promise<Buffer>((resolve) => {
      arrive = resolve;
    });
  const input = new SequentialInput({ pull, close: () => arrive(Buffer.from('late')) }, { name: 'pipe', pool });
  const read = Promise.resolve(input.read(0, 4));
  input.close();
  await t.throwsAsync(read, { code: 'ERR_INPUT_READ' });
  t.is(pool.stats().inUse, 0);
});

test('close reaches the source once, and reads after it fail', async (t) => {
  let closes = 0;
  const input = pipe(t, { pull: () => Buffer.from('x'), close: () => void closes++ });
  await input.close();
  await input.close();
  t.is(closes, 1);
  t.throws(() => input.read(0, 1), { code: 'ERR_INPUT_READ' });
});
