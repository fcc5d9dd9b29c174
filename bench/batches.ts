// Claim: batches go faster. A heavy-tailed mix of files, all bytes used, one thread: CRC-32, and statistics of 16-bit
// numbers. And what a batch of whole files does under a hard limit.
// node build/bench/batches.js [rounds]
import {
  closeSync,
  createReadStream,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import type { Chunk } from '../src/bytes/chunk.ts';
import { openFile } from '../src/bytes/file-input.ts';
import { MiB } from '../src/units.ts';
import { type HardLimit, hardLimit } from './support/hard-limit.ts';
import { cpuOf, medianOf, printClaim, runRounds } from './support/rounds.ts';

const FILE_COUNT = 60;
const HARD_LIMIT: number = 256 * MiB;

/** Uses all bytes; what it gives keeps the engine from leaving the work out. */
type Work = (bytes: Buffer, before: number) => number;

const works: Record<string, Work> = {
  crc32: (bytes, before) => crc32(bytes, before),
  statistics(bytes, before) {
    const words = new Uint16Array(bytes.buffer, bytes.byteOffset - (bytes.byteOffset % 2), bytes.length >> 1);
    let sum = before;
    let least = 65_535;
    let most = 0;
    for (let index = 0; index < words.length; index++) {
      const word = words[index]!;
      sum += word;
      if (word < least) least = word;
      if (word > most) most = word;
    }
    return sum + least + most;
  },
};

const readers: Record<string, (path: string, work: Work) => Promise<number> | number> = {
  readFile: async (path, work) => work(await readFile(path), 0),
  async createReadStream(path, work) {
    let result = 0;
    for await (const bytes of createReadStream(path)) result = work(bytes as Buffer, result);
    return result;
  },
  /** The least that reading can cost in one thread: one Buffer, no checks. */
  readSync(path, work) {
    const fd = openSync(path, 'r');
    const bytes = Buffer.alloc(MiB / 4);
    let result = 0;
    for (let length = 1; length > 0; ) {
      length = readSync(fd, bytes, 0, bytes.length, null);
      result = work(bytes.subarray(0, length), result);
    }
    closeSync(fd);
    return result;
  },
  tidegate(path, work) {
    const input = openFile(path, { isSync: true });
    let result = 0;
    for (let offset = 0, length = 1; length > 0; offset += length) {
      const chunk = input.read(offset, MiB / 4) as Chunk;
      length = chunk.bytes.length;
      result = work(chunk.bytes, result);
      chunk.release();
    }
    input.close();
    return result;
  },
};

async function run(reader: string, work: string, folder: string, isAtOnce: boolean): Promise<void> {
  const paths = readdirSync(folder).map((name) => join(folder, name));
  const read = (path: string) => readers[reader]!(path, works[work]!);
  let sum = 0;
  if (isAtOnce) for (const result of await Promise.all(paths.map(read))) sum += result;
  else for (const path of paths) sum += await read(path);
  console.log(sum);
}

/** Most are small, most bytes are in a few. */
function makeMix(folder: string, largestBytes: number): void {
  for (let index = 0; index < FILE_COUNT; index++) {
    const bytes = Buffer.allocUnsafe(Math.max(4096, Math.floor(largestBytes / (index + 1) ** 1.2) & ~1));
    for (let offset = 0; offset < bytes.length; offset++) bytes[offset] = (offset * 31 + index) & 0xff;
    writeFileSync(join(folder, `${index}.bin`), bytes);
  }
}

async function compareSpeed(folder: string, count: number): Promise<void> {
  makeMix(folder, 64 * MiB);
  const reach = { crc32: [0.5, 0.4], statistics: [1 / 1.4, 1 / 1.7] } as const;
  for (const [work, [ofFile, ofStream]] of Object.entries(reach)) {
    const ways = Object.fromEntries(Object.keys(readers).map((name) => [name, [name, work, folder]]));
    const rounds = await runRounds(new URL(import.meta.url), { idle: ['idle'], ...ways }, count);
    // what it costs to start is in all of them, and no part of the work
    const idleMs = medianOf(rounds, 'idle', cpuOf);
    const ratio = (rival: string) => medianOf(rounds, 'tidegate', (use) => cpuOf(use) - idleMs, rival);
    printClaim(`CPU of ${work} over ${FILE_COUNT} files, against readFile`, ratio('readFile'), '<=', ofFile);
    printClaim('the same against createReadStream', ratio('createReadStream'), '<=', ofStream);
    console.log(`     ${ratio('readSync').toFixed(2).padStart(7)}          the same against a bare loop of readSync`);
  }
}

function countFinished(limit: HardLimit, reader: string, folder: string, count: number): number {
  const args = [fileURLToPath(import.meta.url), reader, 'crc32', folder, 'at-once'];
  return Array.from({ length: count }, () => limit.run(args)).filter((output) => output !== undefined).length;
}

async function underLimit(folder: string, count: number): Promise<void> {
  const limit = hardLimit(HARD_LIMIT);
  try {
    // Node 24 asks for more address space at its start than `ulimit -d` allows
    if (limit.run(['-e', '0']) === undefined) return console.log(`This Node does not start under ${limit.name}`);
    makeMix(folder, 0.6 * HARD_LIMIT);
    const what = `of ${count} runs in ${HARD_LIMIT / MiB} MiB (${limit.name}), largest file 0.6 of it`;
    for (const reader of ['tidegate', 'readFile']) {
      console.log(`${countFinished(limit, reader, folder, count)} ${what}, finish with ${reader}`);
    }
  } finally {
    limit.close();
  }
}

async function main(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
  console.log(`Node ${process.versions.node}, ${count} rounds`);
  try {
    await compareSpeed(folder, count);
    await underLimit(folder, count);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [reader, work = '', folder = '', at = ''] = process.argv.slice(2);
if (reader === 'idle') console.log(0);
else if (reader !== undefined && reader in readers) await run(reader, work, folder, at === 'at-once');
else await main(Number(reader ?? 5));
