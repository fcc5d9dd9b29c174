import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { type Chunk, unpooledChunk } from '../../../src/bytes/chunk.ts';
import { openFile } from '../../../src/bytes/file-input.ts';
import type { Input } from '../../../src/bytes/input.ts';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { BlockReader } from '../../../src/formats/media/block-reader.ts';
import { SplicedSource } from '../../../src/formats/media/spliced-source.ts';
import { KiB, MiB } from '../../../src/units.ts';
import { end, issues, readAudio, readVideo, timeless } from './collect.ts';
import { aiff, flac, fragmentedMp4, infoList, itunesTags, mp3, mp4, opus, simpleBlock, wav, webm } from './files.ts';

const RUNS = process.env.TIDEGATE_TEST_RUNS === 'ci' ? 100 : 10;

/** An input as a server or a Blob is: every read is a promise, over memory that is used again. */
class SlowInput implements Input {
  readonly name = 'memory:';
  readonly mtime = undefined;
  readonly isSeekable = true;
  readonly sizeBytes: number;
  bytesRead = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.sizeBytes = bytes.length;
  }

  async read(offset: number, lengthBytes: number): Promise<Chunk> {
    await Promise.resolve();
    const bytes = Buffer.from(this.#bytes.subarray(offset, offset + lengthBytes));
    this.bytesRead += bytes.length;
    return { bytes, offset, release: () => bytes.fill(0xaa) };
  }

  close(): void {}
}

/** An input that can only be read once, front to back. */
class PipeInput implements Input {
  readonly name = 'memory:';
  readonly mtime = undefined;
  readonly isSeekable = false;
  readonly sizeBytes = undefined;
  bytesRead = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  read(offset: number, lengthBytes: number): Chunk {
    if (offset < this.bytesRead) throw new Error('went back');
    const bytes = this.#bytes.subarray(offset, offset + lengthBytes);
    this.bytesRead = offset + bytes.length;
    return unpooledChunk(bytes, offset);
  }

  close(): void {}
}

const files: Readonly<Record<string, Buffer>> = {
  mp4: mp4({
    extra: itunesTags({ '\xa9nam': 'Title' }),
    samples: Array.from({ length: 3000 }, (_, i) => 20 + (i % 7)),
  }),
  'fragmented mp4': fragmentedMp4(Array.from({ length: 30 }, (_, i) => [40 + i, 50, 60])),
  webm: webm(Array.from({ length: 200 }, (_, i) => simpleBlock(i * 40, Buffer.alloc(30 + i), i % 10 === 0))),
  wav: wav({ sound: Buffer.alloc(100_000, 3), chunks: [infoList({ INAM: 'Title' })] }),
  aiff: aiff({ sound: Buffer.alloc(100_000, 3) }),
  mp3: mp3(300, 'Title'),
  flac: flac(['TITLE=Title']),
  opus: opus(),
};

for (const [name, bytes] of Object.entries(files)) {
  test(`${name} gives the same records from memory, a file, a server and a pipe, in chunks of any size`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'tidegate-media-'));
    const path = join(folder, 'memory:');
    writeFileSync(path, bytes);
    const hasSound = name === 'wav' || name === 'aiff';
    const read = (input: Input, chunkBytes: number) =>
      hasSound
        ? readAudio(input, { chunkBytes, frames: { size: 1000 } })
        : readVideo(input, { chunkBytes, packets: /mp4|webm/.test(name) });
    try {
      const want = timeless(await read(new MemoryInput(bytes), 64 * KiB));
      t.true(want.length > 5);
      for (const chunkBytes of [KiB, 64 * KiB, MiB]) {
        for (const input of [new MemoryInput(bytes), new SlowInput(bytes), new PipeInput(bytes)]) {
          t.deepEqual(timeless(await read(input, chunkBytes)), want, `${input.constructor.name} ${chunkBytes}`);
        }
        for (const isSync of [true, false]) {
          const input = openFile(path, { isSync });
          const records = timeless(await read(input, chunkBytes)).map((record) => ({
            ...(record as object),
            file: 'memory:',
          }));
          await input.close();
          t.deepEqual(records.slice(1), want.slice(1));
        }
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test('chunks of any size give the same records', async (t) => {
  const want = timeless(await readVideo(files.mp4!, { packets: true }));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 1, max: 500 }),
      async (chunkBytes, batchCount) => {
        t.deepEqual(timeless(await readVideo(files.mp4!, { packets: true, chunkBytes, batchCount })), want);
      },
    ),
    { numRuns: RUNS },
  );
});

test('a pipe that is too long to hold is refused, not guessed', async (t) => {
  const records = await readAudio(new PipeInput(files.wav!), { maxPipeBytes: 50_000 });
  t.is(end(records).status, 'failed');
  t.is(issues(records)[0]?.code, 'ERR_NOT_SEEKABLE');
  t.regex(issues(records)[0]!.message, /maxPipeBytes/);
});

test('a block reader answers like a slice, whatever its blocks', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 0, maxLength: 300 }),
      fc.integer({ min: 1, max: 40 }),
      fc.array(fc.tuple(fc.nat(320), fc.nat(320)), { maxLength: 20 }),
      async (bytes, blockBytes, reads) => {
        const reader = new BlockReader(new SlowInput(Buffer.from(bytes)), { blockBytes, blockCount: 2 });
        for (const [offset, lengthBytes] of reads) {
          t.deepEqual(
            Buffer.from(await reader.view(offset, lengthBytes)),
            Buffer.from(bytes).subarray(offset, offset + lengthBytes),
          );
        }
      },
    ),
    { numRuns: RUNS * 10 },
  );
});

test('a spliced source answers like its parts put together', async (t) => {
  const bytes = Buffer.from(Array.from({ length: 100 }, (_, i) => i));
  const reader = new BlockReader(new SlowInput(bytes), { blockBytes: 16 });
  const source = new SplicedSource(reader, [
    { bytes: Buffer.from('head') },
    { offset: 10, lengthBytes: 30 },
    { offset: 60, lengthBytes: 5 },
  ]);
  const whole = Buffer.concat([Buffer.from('head'), bytes.subarray(10, 40), bytes.subarray(60, 65)]);
  for (let offset = 0; offset <= whole.length; offset++) {
    const target = Buffer.alloc(20);
    const count = await source.readInto(target, offset);
    t.deepEqual(target.subarray(0, count), whole.subarray(offset, offset + 20));
  }
});

test('an aborted read ends with the reason', async (t) => {
  const signal = AbortSignal.abort(new Error('enough'));
  await t.throwsAsync(readAudio(files.wav!, { signal }), { message: 'enough' });
});

test('a limit on records is an issue behind what was found', async (t) => {
  const records = await readVideo(files.mp4!, { packets: true, maxRecords: 20 });
  t.is(end(records).status, 'partial');
  t.is(issues(records)[0]?.code, 'ERR_LIMIT');
});
