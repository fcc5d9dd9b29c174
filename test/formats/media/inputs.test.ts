import { Blob } from 'node:buffer';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import test from 'ava';
import fc from 'fast-check';
import type { Chunk } from '../../../src/bytes/chunk.ts';
import type { Input } from '../../../src/bytes/input.ts';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { openInput } from '../../../src/bytes/open-input.ts';
import { BlockReader } from '../../../src/formats/media/block-reader.ts';
import { SplicedSource } from '../../../src/formats/media/spliced-source.ts';
import type { EndRecord, FileRecord } from '../../../src/records.ts';
import { KiB, MiB } from '../../../src/units.ts';
import { httpServer, serveRanges } from '../../support/http-server.ts';
import { end, issues, readAudio, readVideo, timeless } from './collect.ts';
import { aiff, flac, fragmentedMp4, infoList, itunesTags, mp3, mp4, opus, simpleBlock, wav, webm } from './files.ts';
import { smallFiles } from './small-files.ts';

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

const files: Record<string, Buffer> = {
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

for (const [kind, some] of Object.entries(smallFiles)) files[`small ${kind}`] = some[0]!;

/** A pipe that delivers pieces of any size. */
function pipeOf(bytes: Buffer, pieceBytes: number): Readable {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  return Readable.from(pieces, { objectMode: false });
}

/** The records, whatever the input is called: those of `file` and `end` differ by what is known of it. */
async function recordsOf(name: string, input: Input | Promise<Input>, chunkBytes: number): Promise<unknown[]> {
  const open = await input;
  const beyond = /\b(wav|rf64|w64|aiff)\b/.test(name) ? { frames: { size: 1000 } } : {};
  try {
    const records = /mp4|webm/.test(name)
      ? await readVideo(open, { chunkBytes, packets: true })
      : await readAudio(open, { chunkBytes, ...beyond });
    const [file, ...rest] = timeless(records);
    const { size, mediaType } = file as FileRecord;
    return [{ size, mediaType }, ...rest.map((record) => ({ ...(record as object), file: 'memory:' }))];
  } finally {
    await open.close();
  }
}

for (const [name, bytes] of Object.entries(files)) {
  test(`${name} gives the same records from memory, a file, a Blob, a server and a pipe, in chunks of any size`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'tidegate-media-'));
    const path = join(folder, 'file');
    writeFileSync(path, bytes);
    const { url } = await httpServer(t, serveRanges(bytes));
    try {
      const want = await recordsOf(name, new MemoryInput(bytes), 64 * KiB);
      t.is((want.at(-1) as EndRecord).status, 'ok');
      for (const chunkBytes of [KiB, 64 * KiB, MiB]) {
        const inputs: Readonly<Record<string, Input | Promise<Input>>> = {
          bytes: openInput(new Uint8Array(bytes)),
          slow: new SlowInput(bytes),
          blob: openInput(new Blob([new Uint8Array(bytes)])),
          path: openInput(path),
          'path, synchronous': openInput(path, { isSync: true }),
          server: openInput(url),
          pipe: openInput(pipeOf(bytes, 1 + (chunkBytes % 997))),
        };
        for (const [kind, input] of Object.entries(inputs))
          t.deepEqual(await recordsOf(name, input, chunkBytes), want, `${kind}, ${chunkBytes}`);
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
  const input = await openInput(pipeOf(files.mp3!, 5000));
  const records = await readAudio(input, { maxPipeBytes: 50_000 });
  await input.close();
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
