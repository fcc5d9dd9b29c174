import { readFileSync } from 'node:fs';
import { loadAll } from '../batch/load-all.ts';
import { Bookmarks } from '../batch/singer/bookmarks.ts';
import { discover, selectedStreams } from '../batch/singer/catalog.ts';
import { toSinger } from '../batch/singer/to-singer.ts';
import { TidegateError } from '../errors.ts';
import type { ExtractArguments } from './arguments.ts';
import { EXIT } from './exit-code.ts';
import { ExtractRun } from './extract-run.ts';
import { extractSettings } from './extract-settings.ts';
import { UsageError } from './usage-error.ts';

/** `tidegate --protocol singer`, as typed. */
export interface SingerArguments extends ExtractArguments {
  readonly config?: string | undefined;
  readonly catalog?: string | undefined;
  readonly state?: string | undefined;
  readonly discover?: boolean | undefined;
}

/** What the configuration of the tap may set: the options of `extract`, by their names. */
const TEXTS = ['format', 'memory', 'manifest'] as const;
const NUMBERS = ['concurrency', 'jobs'] as const;
const LISTS = ['files', 'include', 'exclude', 'tags'] as const;

/** A Singer tap: SCHEMA, RECORD and STATE messages on standard output. Files that fail are rows, not a failed run. */
export async function runSinger(args: SingerArguments): Promise<number> {
  if (args.to !== undefined || args.resume) throw new UsageError('a tap takes no --to and no --resume: use --state');
  const config = args.config === undefined ? {} : configured(args.config);
  if (args.discover) {
    process.stdout.write(`${JSON.stringify(discover(), undefined, 2)}\n`);
    return EXIT.ok;
  }
  const settings = await extractSettings(merged(args, config));
  const streams =
    args.catalog === undefined ? undefined : usable(() => selectedStreams(json('--catalog', args.catalog!)));
  const state = args.state === undefined ? undefined : json('--state', args.state);
  const { format, dicom } = settings.options;
  const bookmarks = usable(() => new Bookmarks({ streams, format, dicom }, state));
  let isStopped = false;
  const sink = toSinger(process.stdout, { bookmarks, streams, isComplete: () => !isStopped });
  const run = new ExtractRun(settings, (_, options) => {
    options.stop?.addEventListener('abort', () => {
      isStopped = true;
    });
    return loadAll(settings.files, sink, { ...options, isIncremental: true });
  });
  const code = await run.finish();
  return code === EXIT.someFailed ? EXIT.ok : code;
}

type Config = Readonly<Record<string, unknown>>;

function configured(path: string): Config {
  const config = json('--config', path);
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config as Config;
  throw new UsageError(`--config must be a JSON object: ${path}`);
}

/** The configuration as arguments; what is typed goes before it. */
function merged(args: SingerArguments, config: Config): ExtractArguments {
  const typed = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
  const taken: Record<string, unknown> = {};
  for (const name of TEXTS) if (config[name] !== undefined) taken[name] = text(name, config[name]);
  for (const name of NUMBERS) if (config[name] !== undefined) taken[name] = text(name, String(config[name]));
  const { files, tags, ...lists } = Object.fromEntries(LISTS.map((name) => [name, list(name, config[name])]));
  if (tags) taken.tags = tags.join(',');
  const patterns = args.patterns.length > 0 || args.manifest !== undefined ? args.patterns : (files ?? []);
  if (patterns.length === 0 && args.manifest === undefined && taken.manifest === undefined) {
    throw new UsageError('a tap needs "files" in its --config, or paths');
  }
  return { ...lists, dot: config.dot === true, ...taken, ...typed, patterns };
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new UsageError(`"${name}" in the --config must be text`);
}

function list(name: string, value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  const values = typeof value === 'string' ? [value] : value;
  if (Array.isArray(values) && values.every((each) => typeof each === 'string')) return values;
  throw new UsageError(`"${name}" in the --config must be text, or a list of texts`);
}

function json(option: string, path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${option} cannot be read: ${(error as Error).message}`);
  }
}

function usable<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof TidegateError ? new UsageError(error.message) : error;
  }
}
