// What it costs to read: a large file in a loop, many small headers, fields out of a window.
// node build/bench/bytes.js [rounds]
import {
  closeSync,
  createReadStream,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cursor } from '../src/bytes/cursor.ts';
import { openFile } from '../src/bytes/file-input.ts';
import { MemoryInput } from '../src/bytes/memory-input.ts';
import { KiB, MiB } from '../src/units.ts';
import { compare } from './support/compare.ts';

const FILE_BYTES: number = 384 * MiB;
const SMALL_COUNT = 5000;
const FIELD_COUNT = 8_000_000;

type Job = (path: string, chunkBytes: number) => unknown;

async function ours(path: string, chunkBytes: number, isSync: boolean): Promise<void> {
  const input = openFile(path, { isSync });
  for (let offset = 0; ; ) {
    const pending = input.read(offset, chunkBytes);
    const chunk = isSync ? (pending as Awaited<typeof pending>) : await pending;
    offset += chunk.bytes.length;
    const { length } = chunk.bytes;
    chunk.release();
    if (length === 0) return input.close();
  }
}

function small(path: string, read: (path: string) => unknown): unknown {
  const paths = Array.from({ length: SMALL_COUNT }, (_, index) => join(path, String(index)));
  return paths.reduce<unknown>((last, each) => (last instanceof Promise ? last.then(() => read(each)) : read(each)), 0);
}

function header(path: string): void {
  const input = openFile(path, { isSync: true });
  const chunk = input.read(0, 8 * KiB);
  if (!(chunk instanceof Promise)) (chunk as { release(): void }).release();
  input.close();
}

const jobs: Record<string, Job> = {
  idle: () => {},
  createReadStream: async (path, highWaterMark) => {
    for await (const _ of createReadStream(path, { highWaterMark }));
  },
  'FileHandle.read': async (path, chunkBytes) => {
    const file = await open(path);
    while ((await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes)).bytesRead > 0);
    await file.close();
  },
  readFile: (path) => readFile(path),
  'tidegate, async': (path, chunkBytes) => ours(path, chunkBytes, false),
  'tidegate, sync': (path, chunkBytes) => ours(path, chunkBytes, true),
  'small tidegate': (path) => small(path, header),
  'small readFileSync': (path) => small(path, (each) => readFileSync(each)),
  'small readFile': (path) => small(path, (each) => readFile(each)),
  'small openSync': (path) =>
    small(path, (each) => {
      const fd = openSync(each, 'r');
      readSync(fd, Buffer.allocUnsafe(8 * KiB), 0, 8 * KiB, 0);
      closeSync(fd);
    }),
  'fields cursor': () => {
    const cursor = new Cursor(new MemoryInput(Buffer.alloc(FIELD_COUNT * 2)));
    for (let index = 0; index < FIELD_COUNT; index++) {
      if (cursor.remainingBytes < 2) cursor.fill(2);
      cursor.uint16(true);
    }
  },
  'fields DataView': () => {
    const view = new DataView(new ArrayBuffer(FIELD_COUNT * 2));
    let sum = 0;
    for (let index = 0; index < FIELD_COUNT; index++) sum += view.getUint16(index * 2, true);
    return sum;
  },
  'fields await': async () => {
    const cursor = new Cursor(new MemoryInput(Buffer.alloc(FIELD_COUNT * 2)));
    const uint16 = async () => {
      await cursor.fill(2);
      return cursor.uint16(true);
    };
    for (let index = 0; index < FIELD_COUNT; index++) await uint16();
  },
};

async function main(rounds: number): Promise<void> {
  const script = new URL(import.meta.url);
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
  try {
    const path = join(folder, 'large.bin');
    writeFileSync(path, Buffer.alloc(FILE_BYTES, 7));
    readFileSync(path); // the page cache is warm: it is our work that is measured, not the disk
    const at = (job: string, chunkBytes: number) => [job, path, String(chunkBytes)];
    const read = {
      'createReadStream 64 KiB': at('createReadStream', 64 * KiB),
      'createReadStream 1 MiB': at('createReadStream', MiB),
      'FileHandle.read 1 MiB': at('FileHandle.read', MiB),
      readFile: at('readFile', 0),
      'tidegate async 256 KiB': at('tidegate, async', 256 * KiB),
      'tidegate async 1 MiB': at('tidegate, async', MiB),
      'tidegate sync 256 KiB': at('tidegate, sync', 256 * KiB),
      'tidegate sync 1 MiB': at('tidegate, sync', MiB),
    };
    await compare('Read 384 MiB', script, read, 'createReadStream 64 KiB', rounds);
    for (let index = 0; index < SMALL_COUNT; index++)
      writeFileSync(join(folder, String(index)), Buffer.alloc(39 * KiB, 7));
    const names = ['small readFile', 'small readFileSync', 'small openSync', 'small tidegate'];
    const smalls = Object.fromEntries(names.map((name) => [name, [name, folder, '0']]));
    await compare('First 8 KiB of 5,000 files of 39 KiB', script, smalls, 'small readFile', rounds);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const fields = ['fields await', 'fields cursor', 'fields DataView'];
  const each = Object.fromEntries(fields.map((name) => [name, [name, '', '0']]));
  await compare('8,000,000 fields of 16 bits', script, each, 'fields await', rounds);
}

const [job, path = '', chunkBytes = '0'] = process.argv.slice(2);
if (job !== undefined && job in jobs) await jobs[job]!(path, Number(chunkBytes));
else await main(Number(job ?? 5));
