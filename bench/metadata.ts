// Claim: the metadata of a heavy-tailed archive. All headers of files of which most are small and most bytes are in a
// few, by our readers, against reading each file whole and parsing it.
//
// The archive: sizes by Pareto's law with exponent 1, about what the tails of file sizes follow, from the smallest image
// that is common in one file (a slice of 512 x 512 pixels of 16 bits, 0.5 MiB) up. Of 2,000 files half then have up to
// 1 MiB, a tenth over 5 MiB, the mean is 4 MiB, and the largest has 1,000 MiB, as mosaics and digital slides do. It takes
// 8 GiB of the folder for temporary files, and as much memory to stay in the page cache.
// node build/bench/metadata.js [rounds]
import { closeSync, ftruncateSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFile } from '../src/bytes/file-input.ts';
import { readOpened } from '../src/formats/read-any.ts';
import { formatNamed } from '../src/formats/registry.ts';
import { KiB, MiB } from '../src/units.ts';
import { smallFile } from '../test/formats/dicom/big-files.ts';
import { cpuOf, medianOf, peakOf, printClaim, runRounds } from './support/rounds.ts';

const FILE_COUNT = 2000;
const LEAST_BYTES: number = 512 * KiB;
const LARGEST_BYTES: number = LEAST_BYTES * FILE_COUNT;
const BLOCK: Buffer = Buffer.alloc(4 * MiB, 7);

/** Pixel data of `lengthBytes` in explicit VR little endian (PS3.5 7.1.2): the tag, OW, two reserved bytes, the length. */
function pixelHead(lengthBytes: number): Buffer {
  const head = Buffer.from('e07f10004f5700000000000000', 'hex').subarray(0, 12);
  head.writeUInt32LE(lengthBytes, 8);
  return head;
}

/** FITS 4.0: cards of 80 characters, padded to 2,880 bytes. */
function fitsHead(lengthBytes: number): Buffer {
  const card = (key: string, value: string | number) => `${key.padEnd(8)}= ${String(value).padStart(20)}`.padEnd(80);
  const extra = Array.from({ length: 60 }, (_, index) => card(`KEY${index}`, index * 1.5));
  const axes = [card('SIMPLE', 'T'), card('BITPIX', 16), card('NAXIS', 1), card('NAXIS1', lengthBytes / 2)];
  const text = [...axes, ...extra, 'END'.padEnd(80)].join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / 2880) * 2880), 'latin1');
}

function makeArchive(folder: string): void {
  for (let index = 0; index < FILE_COUNT; index++) {
    const dataBytes = 2 * Math.floor(LARGEST_BYTES / (index + 1) / 2);
    const isDicom = index % 2 === 0;
    const head = isDicom ? Buffer.concat([smallFile(index), pixelHead(dataBytes)]) : fitsHead(dataBytes);
    const fd = openSync(join(folder, `${index}.${isDicom ? 'dcm' : 'fits'}`), 'w');
    writeSync(fd, head);
    const sizeBytes = head.length + dataBytes;
    ftruncateSync(fd, isDicom ? sizeBytes : Math.ceil(sizeBytes / 2880) * 2880);
    // written, not a hole: a hole costs the system nothing to read
    for (let at = head.length; at < sizeBytes; at += BLOCK.length)
      writeSync(fd, BLOCK, 0, Math.min(BLOCK.length, sizeBytes - at));
    closeSync(fd);
  }
}

const jobs: Record<string, (path: string) => Promise<number>> = {
  /** Each record, from `file` to `end`. */
  async tidegate(path) {
    const input = openFile(path, { isSync: true });
    let count = 0;
    for await (const batch of await readOpened(input)) count += batch.length;
    await input.close();
    return count;
  },
  async 'readFile and parse'(path) {
    const bytes = await readFile(path);
    if (path.endsWith('.dcm')) {
      const { default: parser } = await import('dicom-parser');
      return Object.keys(parser.parseDicom(bytes).elements).length;
    }
    const cards: Record<string, string> = {};
    for (let at = 0; at < bytes.length; at += 80) {
      const card = bytes.toString('latin1', at, at + 80);
      if (card.startsWith('END ')) break;
      cards[card.slice(0, 8)] = card.slice(10).trim();
    }
    return Object.keys(cards).length;
  },
};

async function main(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
  try {
    makeArchive(folder);
    for (const name of readdirSync(folder)) readFileSync(join(folder, name)); // the page cache is warm
    const ways = Object.fromEntries(['idle', ...Object.keys(jobs)].map((name) => [name, [name, folder]]));
    const rounds = await runRounds(new URL(import.meta.url), ways, count);
    const idleMs = medianOf(rounds, 'idle', cpuOf);
    const less = (use: Parameters<typeof cpuOf>[0]) => Math.max(1, cpuOf(use) - idleMs);
    console.log(
      `Node ${process.versions.node}, ${count} rounds, ${FILE_COUNT} files, the largest of ${LARGEST_BYTES / MiB} MiB`,
    );
    const ratio = medianOf(rounds, 'readFile and parse', less, 'tidegate');
    printClaim('times our CPU by readFile and parse, start-up subtracted', ratio, '>=', 20);
    printClaim('peak RSS against it', medianOf(rounds, 'tidegate', peakOf, 'readFile and parse'), '<=', 0.4);
    const ms = (name: string) => medianOf(rounds, name, less).toFixed(0);
    console.log(`tidegate ${ms('tidegate')} ms, readFile and parse ${ms('readFile and parse')} ms`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What both need before the first file: to load the readers, theirs and ours, is no part of the work. */
async function idle(): Promise<void> {
  await Promise.all([...['dicom', 'fits'].map((name) => formatNamed(name).load()), import('dicom-parser')]);
}

const [job, folder = ''] = process.argv.slice(2);
if (job === 'idle') await idle();
else if (job !== undefined && job in jobs) {
  let sum = 0;
  for (const name of readdirSync(folder)) sum += await jobs[job]!(join(folder, name));
  console.log(sum);
} else await main(Number(job ?? 5));
