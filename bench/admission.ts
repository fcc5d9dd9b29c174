// Does learned admission survive a hard limit better than static rules, and what does it cost? One process reads a mix
// of files whole, several at a time; what decides how many is the rule. The kernel kills it when it takes too much.
// node build/bench/admission.js [rounds]
import { fileURLToPath } from 'node:url';
import { AdmissionQueue, type AdmissionWay } from '../src/memory/admission.ts';
import { Advisor } from '../src/memory/advisor.ts';
import { freeArrayBuffer } from '../src/memory/free-array-buffer.ts';
import { ownRssBytes } from '../src/memory/own-rss.ts';
import { formatBytes, MiB } from '../src/units.ts';
import { random } from '../test/support/random.ts';
import { hardLimit } from './support/hard-limit.ts';

const LIMIT_BYTES: number = 448 * MiB;
const FILE_COUNT = 160;
/** For the heap, and for what is between two decisions. */
const KEPT_FREE = 0.1;

interface Job {
  readonly format: string;
  readonly fileBytes: number;
  /** What it takes when it is read whole: known to nobody before. */
  readonly wholeBytes: number;
  readonly canStream: boolean;
}

/** What reading a file of a format whole takes: a decoder's child process, and two that do not follow any line. */
const FORMATS: Readonly<Record<string, (fileBytes: number, noise: () => number) => number>> = {
  raw: (bytes) => MiB + bytes,
  decoded: (bytes, noise) => 4 * MiB + bytes * (3 + noise()),
  child: (bytes, noise) => 40 * MiB + bytes * (1 + 0.5 * noise()),
  gzip: (bytes, noise) => MiB + bytes * (2 + 8 * noise() ** 3),
  mesh: (bytes, noise) => 2 * MiB + bytes * (1 + Math.sqrt(bytes / MiB)) * (0.9 + 0.2 * noise()),
};

/** Heavy-tailed: most files are small, most bytes are in a few. `hasMonster` puts in some that cannot be read whole. */
function mixOf(seed: number, hasMonster: boolean): Job[] {
  const next = random(seed);
  const names = Object.keys(FORMATS);
  return Array.from({ length: FILE_COUNT }, (_, index) => {
    const format = names[Math.floor(next() * names.length)]!;
    const isMonster = hasMonster && index % 40 === 39;
    const fileBytes = Math.round(MiB * (isMonster ? 150 + 40 * next() : Math.min(90, 0.3 / next() ** 1.1)));
    const wholeBytes = FORMATS[isMonster ? 'decoded' : format]!(fileBytes, next);
    const isFeasible = wholeBytes < 0.8 * LIMIT_BYTES - 48 * MiB;
    if (isMonster) return { format: 'decoded', fileBytes, wholeBytes, canStream: index % 80 === 39 };
    // without monsters each file can be read whole, one by one
    return isFeasible ? { format, fileBytes, wholeBytes, canStream: true } : { format, ...SMALL, canStream: true };
  });
}

const SMALL = { fileBytes: MiB, wholeBytes: 6 * MiB };
const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Takes memory as a reader does: the file, then what is made of it; waits as for a disk; and gives it back at once. */
async function extract(job: Job, way: AdmissionWay): Promise<number> {
  const sizes = way === 'whole' ? [job.fileBytes, Math.max(0, job.wholeBytes - job.fileBytes)] : [2 * MiB];
  const held: ArrayBuffer[] = [];
  for (const bytes of sizes) {
    for (let left = bytes; left > 0; left -= 16 * MiB) {
      const piece = new ArrayBuffer(Math.ceil(Math.min(left, 16 * MiB)));
      new Uint8Array(piece).fill(1);
      held.push(piece);
      await delay(1);
    }
    // read in pieces a file takes longer
    await delay(5 + (job.fileBytes / MiB) * (way === 'whole' ? 0.5 : 2));
  }
  const peakBytes = held.reduce((sum, { byteLength }) => sum + byteLength, 0);
  for (const piece of held) freeArrayBuffer(piece);
  return peakBytes;
}

/** Lets a job in. */
type Rule = (job: Job) => Promise<{ way: AdmissionWay; release: (peakBytes: number) => void }>;

const waysOf = ({ canStream }: Job): AdmissionWay[] => (canStream ? ['whole', 'streamed'] : ['whole']);

/** So many at a time, whatever they are. */
function fixed(concurrency: number): Rule {
  const queue = new AdmissionQueue({ limitBytes: Number.POSITIVE_INFINITY, concurrency });
  return async ({ format, fileBytes }) => {
    const admission = await queue.admit({ format, fileBytes, ways: ['whole'] });
    return { way: 'whole', release: () => admission.release() };
  };
}

/** Sets aside `ratio` times the size of the file, streams or refuses what is too large by that. */
function ratioRule(ratio: number, limitBytes: number): Rule {
  const advisor = new Advisor({ guess: { interceptBytes: 0, bytesPerByte: ratio } });
  const queue = new AdmissionQueue({ limitBytes, advisor });
  return async (job) => {
    const { format, fileBytes, canStream } = job;
    if (ratio * fileBytes > limitBytes && !canStream) throw new Error('refused');
    const admission = await queue.admit({ format, fileBytes, ways: waysOf(job) });
    return { way: admission.way, release: () => admission.release() };
  };
}

function learned(limitBytes: number): Rule {
  const queue = new AdmissionQueue({ limitBytes });
  return async (job) => {
    const { format, fileBytes } = job;
    const admission = await queue.admit({ format, fileBytes, ways: waysOf(job) });
    return { way: admission.way, release: (peakBytes) => admission.release({ peakBytes }) };
  };
}

const RULES: Readonly<Record<string, (limitBytes: number) => Rule>> = {
  'all at once': () => fixed(FILE_COUNT),
  '8 at a time': () => fixed(8),
  '4 at a time': () => fixed(4),
  '2 at a time': () => fixed(2),
  'one by one': () => fixed(1),
  'size x 1': (limitBytes) => ratioRule(1, limitBytes),
  'size x 3': (limitBytes) => ratioRule(3, limitBytes),
  'size x 5': (limitBytes) => ratioRule(5, limitBytes),
  'size x 10': (limitBytes) => ratioRule(10, limitBytes),
  learned: learned,
};

/** One process under the limit. */
async function runMix(ruleName: string, seed: number, hasMonster: boolean): Promise<void> {
  const rule = RULES[ruleName]!(Math.floor((LIMIT_BYTES - ownRssBytes()) * (1 - KEPT_FREE)));
  const startMs = performance.now();
  const done = { whole: 0, streamed: 0, refused: 0 };
  const run = async (job: Job) => {
    const admission = await rule(job).catch(() => undefined);
    if (admission === undefined) {
      done.refused++;
      return;
    }
    const peakBytes = await extract(job, admission.way);
    done[admission.way]++;
    admission.release(peakBytes);
  };
  await Promise.all(mixOf(seed, hasMonster).map(run));
  console.log(JSON.stringify({ ...done, elapsedMs: performance.now() - startMs }));
}

type Outcome = { whole: number; streamed: number; refused: number; elapsedMs: number };

function report(name: string, outcomes: readonly (Outcome | undefined)[]): void {
  const ended = outcomes.filter((outcome) => outcome !== undefined);
  const mean = (of: (outcome: Outcome) => number) => ended.reduce((sum, each) => sum + of(each), 0) / ended.length;
  const figures = (['whole', 'streamed', 'refused'] as const).map((way) => `${mean((o) => o[way]).toFixed(1)} ${way}`);
  const seconds = `${(mean(({ elapsedMs }) => elapsedMs) / 1000).toFixed(1)} s`;
  const rest = ended.length === 0 ? '' : `${seconds}; of ${FILE_COUNT} files ${figures.join(', ')}`;
  console.log(`${name.padEnd(14)} ${ended.length} of ${outcomes.length} survive  ${rest}`);
}

function main(rounds: number): void {
  const limit = hardLimit(LIMIT_BYTES);
  const self = fileURLToPath(import.meta.url);
  try {
    for (const hasMonster of [false, true]) {
      const what = hasMonster ? 'four cannot be read whole' : 'each can be read whole, one by one';
      console.log(
        `\nNode ${process.versions.node}, ${formatBytes(LIMIT_BYTES)} by ${limit.name}, ${rounds} mixes: ${what}`,
      );
      for (const name of Object.keys(RULES)) {
        const outcomes = Array.from({ length: rounds }, (_, seed) => {
          const text = limit.run([self, name, String(seed + 1), String(hasMonster)]);
          return text === undefined ? undefined : (JSON.parse(text) as Outcome);
        });
        report(name, outcomes);
      }
    }
  } finally {
    limit.close();
  }
}

const [rule, seed = '1', hasMonster = ''] = process.argv.slice(2);
if (rule !== undefined && rule in RULES) await runMix(rule, Number(seed), hasMonster === 'true');
else main(Number(rule ?? 5));
