import { autoConcurrency } from '../batch/auto-concurrency.ts';
import type { FilesSource, FromFilesOptions } from '../batch/find/from-files.ts';
import type { JobOptions } from '../batch/lanes/job-protocol.ts';
import { TidegateError } from '../errors.ts';
import type { DicomOptions } from '../formats/dicom/options.ts';
import { formatNamed } from '../formats/registry.ts';
import { KiB, MiB, parseBytes } from '../units.ts';
import type { ExtractArguments } from './arguments.ts';
import { type OutputKind, outputKind } from './output-kind.ts';
import { UsageError } from './usage-error.ts';

/** What a run of `tidegate extract` is to do, checked. */
export interface ExtractSettings {
  /** Patterns, or the manifest that stands for them. */
  readonly files: FilesSource;
  readonly filter: FromFilesOptions;
  /** List of the files that fail. */
  readonly deadLetters: string | undefined;
  /** File to write to; `undefined` is standard output. */
  readonly to: string | undefined;
  /** What is written, by the ending of `to`. */
  readonly kind: OutputKind;
  readonly memoryBytes: number;
  readonly concurrency: number;
  /** Worker threads; 0 reads in the main thread. */
  readonly jobs: number;
  /** Worker threads that were asked for: more than `jobs` where the memory is too little. */
  readonly wantedJobs: number;
  /** Go on with what `to` holds. */
  readonly resume: boolean;
  readonly quiet: boolean;
  /** For the readers. */
  readonly options: JobOptions;
}

const MIN_MEMORY = 16 * MiB;
const DEFAULT_MEMORY = 64 * MiB;
/** A worker thread with a reader and its heap, beyond what the main thread takes: 25 MiB on Node 20, 35 on Node 24. */
const WORKER_MEMORY = 40 * MiB;

function memoryFor(jobs: number): number {
  return DEFAULT_MEMORY + jobs * WORKER_MEMORY;
}

/** As many threads as fit: the memory is a promise, their number a wish. */
function jobsWithin(memoryBytes: number): number {
  return Math.max(0, Math.floor((memoryBytes - DEFAULT_MEMORY) / WORKER_MEMORY));
}

/** Checks the arguments of `extract`; a {@link UsageError} names the one that cannot be used. */
export async function extractSettings(args: ExtractArguments): Promise<ExtractSettings> {
  const concurrency = concurrencyOption(args.concurrency);
  const wantedJobs = wholeNumber('--jobs', args.jobs ?? '0', 0, 256);
  const memoryBytes = args.memory === undefined ? memoryFor(wantedJobs) : memorySize(args.memory);
  const jobs = Math.min(wantedJobs, jobsWithin(memoryBytes));
  // An eighth of the memory for the bytes that are being read, all files together.
  const share = memoryBytes / 8 / Math.max(concurrency, jobs);
  const chunkBytes = Math.min(256 * KiB, Math.max(16 * KiB, Math.floor(share / (4 * KiB)) * 4 * KiB));
  const media = args.ffmpeg ? { ffmpeg: true as const } : undefined;
  const readers = { dicom: await dicomOptions(args.tags), audio: media, video: media };
  const options = { format: formatOption(args.format), ...readers, chunkBytes };
  const kind = outputKind(args.to);
  const { patterns, manifest, to, include, exclude, dot, resume = false, quiet = false } = args;
  const files = manifest === undefined ? patterns : { manifest };
  if (manifest !== undefined && patterns.length > 0) throw new UsageError('--manifest stands for the paths: give one');
  if (resume && to === undefined) throw new UsageError('--resume needs --to: what standard output had is not known');
  const [filter, deadLetters] = [{ include, exclude, dot }, args['dead-letters']];
  const output = { to, kind, resume, quiet };
  return { files, filter, deadLetters, ...output, memoryBytes, concurrency, jobs, wantedJobs, options };
}

function concurrencyOption(text: string | undefined): number {
  if (text === undefined || text === 'auto') return autoConcurrency();
  return wholeNumber('--concurrency', text, 1, 256);
}

function memorySize(text: string): number {
  const bytes = parseBytes(text);
  if (bytes === undefined) throw new UsageError(`--memory takes a size such as 64MiB, not '${text}'`);
  if (bytes < MIN_MEMORY) throw new UsageError(`--memory must be at least 16MiB, not '${text}'`);
  return bytes;
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`${option} takes a whole number from ${min} to ${max}, not '${text}'`);
}

/** The name of a format; a {@link UsageError} if there is none. */
export function formatOption(format: string | undefined): string | undefined {
  return format === undefined ? undefined : usable(() => formatNamed(format).name);
}

async function dicomOptions(tags: string | undefined): Promise<DicomOptions | undefined> {
  if (tags === undefined) return undefined;
  const options = { tags: tags.split(',').map((tag) => tag.trim()) };
  // Only here the dictionary of the keywords is needed, which is large.
  const { dicomSettings } = await import('../formats/dicom/options.ts');
  usable(() => dicomSettings(options));
  return options;
}

/** What an option is refused for is wrong usage. */
function usable<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof TidegateError ? new UsageError(error.message) : error;
  }
}
