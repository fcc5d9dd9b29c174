import { TidegateError } from '../errors.ts';
import { formatNamed } from '../formats/registry.ts';
import { KiB, MiB, parseBytes } from '../units.ts';
import type { ExtractArguments } from './arguments.ts';
import { UsageError } from './usage-error.ts';

/** What a run of `tidegate extract` is to do, checked. */
export interface ExtractSettings {
  readonly patterns: readonly string[];
  /** File to write to; `undefined` is standard output. */
  readonly to: string | undefined;
  readonly memoryBytes: number;
  readonly concurrency: number;
  /** Worker threads; 0 reads in the main thread. */
  readonly jobs: number;
  readonly dot: boolean;
  readonly quiet: boolean;
  /** For the readers. */
  readonly options: ReaderSettings;
}

/** Options that go to every reader. */
export interface ReaderSettings {
  readonly format?: string;
  readonly tags?: readonly string[];
  readonly chunkBytes: number;
}

const MIN_MEMORY = 16 * MiB;

/** Checks the arguments of `extract`; a {@link UsageError} names the one that cannot be used. */
export function extractSettings(args: ExtractArguments): ExtractSettings {
  const memoryBytes = memorySize(args.memory ?? '64MiB');
  const concurrency = wholeNumber('--concurrency', args.concurrency ?? '4', 1, 256);
  const jobs = wholeNumber('--jobs', args.jobs ?? '0', 0, 256);
  // An eighth of the memory for the bytes that are being read, all files together.
  const share = memoryBytes / 8 / Math.max(concurrency, jobs);
  const chunkBytes = Math.min(256 * KiB, Math.max(16 * KiB, Math.floor(share / (4 * KiB)) * 4 * KiB));
  const options = { ...formatOption(args.format), ...tagsOption(args.tags), chunkBytes };
  const { patterns, to, dot = false, quiet = false } = args;
  return { patterns, to, memoryBytes, concurrency, jobs, dot, quiet, options };
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

function formatOption(format: string | undefined): { format?: string } {
  if (format === undefined) return {};
  try {
    return { format: formatNamed(format).name };
  } catch (error) {
    throw error instanceof TidegateError ? new UsageError(error.message) : error;
  }
}

function tagsOption(tags: string | undefined): { tags?: readonly string[] } {
  if (tags === undefined) return {};
  const list = tags.split(',').map((tag) => tag.trim());
  if (list.some((tag) => tag === '')) throw new UsageError(`--tags takes tags or keywords with commas, not '${tags}'`);
  return { tags: list };
}
