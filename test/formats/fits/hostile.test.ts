import { gunzipSync, gzipSync } from 'node:zlib';
import test from 'ava';
import type { ExtractionRecord } from '../../../src/records.ts';
import { cpuMs } from '../../support/cpu-time.ts';
import { runs } from '../../support/runs.ts';
import { card, end, header, image, imageCards, issues, padded, raw, records, table } from './build.ts';
import { FPACK_FIXTURES } from './fpack-fixtures.ts';

const ALL = { pixels: true, rows: { values: true }, checksum: true };
const SLOW_MS = 2000;

function descriptor(count: number, offset: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeInt32BE(count, 0);
  bytes.writeInt32BE(offset, 4);
  return bytes;
}

const fixture = (name: string): Buffer =>
  gunzipSync(Buffer.from(FPACK_FIXTURES.find((one) => one.name === name)!.base64, 'base64'));

const SMALL_FILES: Readonly<Record<string, Buffer>> = {
  image: Buffer.concat([
    image(
      16,
      [30, 20],
      Buffer.alloc(1200, 7),
      raw("LONG    = 'text that &'"),
      raw("CONTINUE  'goes on'"),
      card('DATASUM', '5'),
    ),
    header(...imageCards(8, [3], card('XTENSION', 'IMAGE')), card('PCOUNT', 0), card('GCOUNT', 1)),
    padded(Buffer.from('abc')),
  ]),
  table: table(
    [
      { name: 'A', form: '2J' },
      { name: 'V', form: 'PE(3)' },
      { name: 'S', form: '6A' },
    ],
    Array.from({ length: 20 }, (_, i) =>
      Buffer.concat([Buffer.alloc(8, i), descriptor(3, 12 * i), Buffer.from('abc   ')]),
    ),
    Buffer.alloc(240, 1),
  ),
  gzip: gzipSync(fixture('rice16')),
};
const MUTATED: readonly Buffer[] = [...Object.values(SMALL_FILES), ...FPACK_FIXTURES.map(({ name }) => fixture(name))];

/** What is wrong with how a file was read, if anything is. */
function complaint(all: readonly ExtractionRecord[], elapsedMs: number): string | undefined {
  if (elapsedMs > SLOW_MS) return `took ${elapsedMs} ms`;
  if (all[0]?.kind !== 'file' || all.at(-1)?.kind !== 'end') return 'no file or no end record';
  if (all.some(({ seq }, index) => seq !== index)) return 'a gap in seq';
  const internal = issues(all).find(({ code }) => code === 'ERR_INTERNAL');
  return internal === undefined ? undefined : internal.message;
}

async function read(bytes: Buffer): Promise<{ all: ExtractionRecord[]; wrong: string | undefined }> {
  const start = cpuMs();
  const all = await records(bytes, ALL);
  return { all, wrong: complaint(all, cpuMs() - start) };
}

for (const [name, bytes] of Object.entries(SMALL_FILES)) {
  test.serial(`a cut at any byte is never a silent ok: ${name}`, async (t) => {
    const step = process.env.TIDEGATE_TEST_RUNS === 'ci' ? 1 : 7;
    // A cut between two HDUs cannot be seen: each of them ends a file
    const isBoundary = (length: number): boolean =>
      name !== 'gzip' && length % 2880 === 0 && bytes.toString('latin1', length, length + 8) === 'XTENSION';
    for (let length = 0; length < bytes.length; length += step) {
      const { all, wrong } = await read(bytes.subarray(0, length));
      t.is(wrong, undefined, `${length}`);
      if (!isBoundary(length))
        t.true(end(all).status !== 'ok' || issues(all).length > 0, `${length} of ${bytes.length}`);
    }
  });
}

/** The same numbers in every run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function mutate(bytes: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(bytes);
  const below = (count: number): number => Math.floor(random() * count);
  for (let left = 1 + below(4); left > 0; left--) {
    const at = below(copy.length);
    const kind = below(5);
    if (kind === 0) copy[at]! ^= 1 << below(8);
    else if (kind === 1) copy.fill(below(256), at, Math.min(copy.length, at + below(64)));
    else if (kind === 2) copy.write(String(below(1e9)), at - (at % 80) + 20);
    else if (kind === 3) copy.copy(copy, at, below(copy.length), copy.length);
    else copy.write('-1', at - (at % 80) + 28);
  }
  return random() < 0.1 ? copy.subarray(0, below(copy.length)) : copy;
}

test.serial('mutated files hang nothing, crash nothing, and fail with typed errors only', async (t) => {
  const random = randomNumbers(3);
  for (let run = 0; run < runs(10_000); run++) {
    const bytes = mutate(MUTATED[run % MUTATED.length]!, random);
    const { wrong } = await read(bytes);
    if (wrong !== undefined) t.fail(`mutation ${run}: ${wrong}`);
  }
  t.pass();
});
