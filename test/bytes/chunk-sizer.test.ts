import test from 'ava';
import { ChunkSizer } from '../../src/bytes/chunk-sizer.ts';
import { KiB, MiB } from '../../src/units.ts';

/** The size that is found when a chunk of `bytes` takes `cost(bytes)` ms. */
function found(cost: (bytes: number) => number, chunkCount = 100): number {
  const sizer = new ChunkSizer();
  for (let index = 0; index < chunkCount; index++) sizer.measured(sizer.chunkBytes, cost(sizer.chunkBytes));
  return sizer.chunkBytes;
}

test('a cost per chunk makes chunks grow, to the bound', (t) => {
  t.is(
    found((bytes) => 5 + bytes / MiB),
    MiB,
  );
});

test('a cost per byte alone leaves them small', (t) => {
  t.is(
    found((bytes) => bytes / MiB),
    256 * KiB,
  );
});

test('a size that is slower is left again', (t) => {
  t.is(
    found((bytes) => (bytes > 512 * KiB ? 50 : 5)),
    512 * KiB,
  );
});

test('what has changed is found out later', (t) => {
  const sizer = new ChunkSizer();
  for (let index = 0; index < 100; index++) sizer.measured(sizer.chunkBytes, sizer.chunkBytes);
  t.is(sizer.chunkBytes, 256 * KiB);
  for (let index = 0; index < 400; index++) sizer.measured(sizer.chunkBytes, 5);
  t.is(sizer.chunkBytes, MiB);
});

test('pressure shrinks chunks at once, and they stay small until it is over', (t) => {
  const sizer = new ChunkSizer({ minBytes: MiB, maxBytes: 4 * MiB });
  sizer.pressure('high');
  t.is(sizer.chunkBytes, 512 * KiB);
  sizer.pressure('critical');
  t.is(sizer.chunkBytes, 256 * KiB);
  sizer.pressure('elevated');
  t.is(sizer.chunkBytes, 256 * KiB);
  for (let index = 0; index < 100; index++) sizer.measured(sizer.chunkBytes, 1);
  t.is(sizer.chunkBytes, 256 * KiB);
  sizer.pressure('normal');
  t.is(sizer.chunkBytes, MiB);
});
