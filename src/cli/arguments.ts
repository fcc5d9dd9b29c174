import { parseArgs } from 'node:util';
import { UsageError } from './usage-error.ts';

/** `tidegate extract`, as typed. */
export interface ExtractArguments {
  readonly patterns: readonly string[];
  readonly format?: string | undefined;
  readonly to?: string | undefined;
  readonly memory?: string | undefined;
  readonly concurrency?: string | undefined;
  readonly jobs?: string | undefined;
  readonly tags?: string | undefined;
  readonly ffmpeg?: boolean | undefined;
  readonly resume?: boolean | undefined;
  readonly 'dead-letters'?: string | undefined;
  readonly manifest?: string | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly dot?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/** `tidegate profile`, as typed. */
export interface ProfileArguments {
  readonly patterns: readonly string[];
  readonly html?: string | undefined;
  readonly format?: string | undefined;
  readonly dot?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/** `tidegate --protocol singer`, as typed. */
export interface SingerArguments extends ExtractArguments {
  readonly config?: string | undefined;
  readonly catalog?: string | undefined;
  readonly state?: string | undefined;
  readonly discover?: boolean | undefined;
}

/** What was asked for. */
export type Command =
  | { readonly name: 'help' | 'version' | 'formats' }
  | { readonly name: 'singer'; readonly arguments: SingerArguments }
  | { readonly name: 'cdl'; readonly path: string }
  | { readonly name: 'extract' | 'retry-dead'; readonly arguments: ExtractArguments }
  | { readonly name: 'profile'; readonly arguments: ProfileArguments };

const OPTIONS = {
  format: { type: 'string' },
  to: { type: 'string', short: 'o' },
  memory: { type: 'string', short: 'm' },
  concurrency: { type: 'string', short: 'c' },
  jobs: { type: 'string', short: 'j' },
  tags: { type: 'string' },
  ffmpeg: { type: 'boolean' },
  resume: { type: 'boolean' },
  'dead-letters': { type: 'string' },
  manifest: { type: 'string' },
  include: { type: 'string', multiple: true },
  exclude: { type: 'string', multiple: true },
  dot: { type: 'boolean' },
  protocol: { type: 'string' },
  config: { type: 'string' },
  catalog: { type: 'string' },
  state: { type: 'string' },
  discover: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  html: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

/** Understands the command line. Imports nothing: `--help` must cost next to nothing. */
export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  const { help, version, ...options } = values;
  const [name, ...patterns] = positionals;
  if (help || name === 'help') return { name: 'help' };
  if (version) return { name: 'version' };
  if (options.protocol !== undefined) return singerCommand(name, patterns, options);
  for (const option of SINGER_OPTIONS) {
    if (options[option] !== undefined) throw new UsageError(`--${option} needs --protocol singer`);
  }
  switch (name) {
    case 'extract':
      if (patterns.length === 0 && options.manifest === undefined) {
        throw new UsageError('extract needs a path, a glob, - for standard input, or --manifest');
      }
      return { name, arguments: { patterns, ...options } };
    case 'retry-dead':
      if (patterns.length !== 1) throw new UsageError('retry-dead needs the list that --dead-letters wrote');
      return { name, arguments: { patterns, ...options } };
    case 'profile':
      if (patterns.length === 0) throw new UsageError('profile needs a path, a glob, or - for standard input');
      return { name, arguments: { patterns, ...options } };
    case 'cdl':
      if (patterns.length !== 1) throw new UsageError('cdl needs one path, or - for standard input');
      return { name, path: patterns[0]! };
    case 'formats':
      if (patterns.length > 0) throw new UsageError('formats takes no arguments');
      return { name };
    case undefined:
      throw new UsageError('a command is needed: extract, retry-dead, profile, cdl, formats, help');
    default:
      throw new UsageError(`there is no command '${name}': use extract, retry-dead, profile, cdl, formats, help`);
  }
}

const SINGER_OPTIONS = ['config', 'catalog', 'state', 'discover'] as const;

/** Whoever starts a tap adds only its options: the command may be left out. */
function singerCommand(name: string | undefined, patterns: readonly string[], options: ParsedOptions): Command {
  if (options.protocol !== 'singer') throw new UsageError(`--protocol must be singer, not '${options.protocol}'`);
  if (name !== undefined && name !== 'extract') throw new UsageError(`--protocol singer is for extract, not ${name}`);
  return { name: 'singer', arguments: { patterns, ...options } };
}

type ParsedOptions = ReturnType<typeof parse>['values'];

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
