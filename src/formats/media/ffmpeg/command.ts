import type { FfmpegCommand } from 'fluent-ffmpeg';
import { TidegateError } from '../../../errors.ts';
import { positiveInteger } from '../../../options.ts';
import type { FfmpegOptions } from '../options.ts';
import { DEMUXERS } from './demuxers.ts';

/** The part of fluent-ffmpeg that is used: it builds the arguments, it never starts anything. */
type ArgumentBuilder = FfmpegCommand & { _getArguments?(): string[] };
type Fluent = typeof import('fluent-ffmpeg');

/** What is asked of ffmpeg. */
export interface CommandRequest {
  /** `file:` and an absolute path, or `pipe:0`. */
  readonly source: string;
  /** Options of the input, each word an element. */
  readonly inputOptions?: readonly string[] | undefined;
  readonly videoFilters?: readonly string[] | undefined;
  readonly audioFilters?: readonly string[] | undefined;
  readonly outputOptions: readonly string[];
  readonly logLevel: string;
}

/** The arguments of an ffmpeg run, built with fluent-ffmpeg. No word of it comes from a file's content. */
export async function buildArguments(request: CommandRequest, options: FfmpegOptions): Promise<string[]> {
  const fluent = await loadFluent();
  const command: ArgumentBuilder = fluent({ logger: undefined });
  command.input(request.source);
  // word by word: an array would be split at spaces
  command.inputOptions(...guards(options), ...(request.inputOptions ?? []));
  if (request.videoFilters) command.videoFilters([...request.videoFilters]);
  if (request.audioFilters) command.audioFilters([...request.audioFilters]);
  command.outputOptions(...request.outputOptions);
  command.output('pipe:1');
  const built = command._getArguments?.();
  if (!built)
    throw new TidegateError(
      'ERR_MISSING_PEER',
      'Cannot build the command: fluent-ffmpeg has no arguments to give; run `npm install fluent-ffmpeg@^2.1.3`',
    );
  return ['-hide_banner', '-nostdin', '-nostats', '-loglevel', request.logLevel, ...built];
}

/** What holds for every input: local protocols, known demuxers, bounded pictures and threads. */
function guards(options: FfmpegOptions): string[] {
  const threads = positiveInteger('ffmpeg.threads', options.threads ?? 1);
  const maxPixels = positiveInteger('ffmpeg.maxPixels', options.maxPixels ?? 67_108_864);
  return [
    ...['-protocol_whitelist', 'file,pipe'],
    ...['-format_whitelist', DEMUXERS],
    ...['-threads', String(threads)],
    ...['-max_pixels', String(maxPixels)],
  ];
}

async function loadFluent(): Promise<Fluent> {
  try {
    // CommonJS: its one export is the default of the module
    return ((await import('fluent-ffmpeg')) as unknown as { readonly default: Fluent }).default;
  } catch (cause) {
    const message =
      'Cannot build ffmpeg commands: fluent-ffmpeg is not installed; run `npm install fluent-ffmpeg@^2.1.3`';
    throw new TidegateError('ERR_MISSING_PEER', message, { package: 'fluent-ffmpeg', cause });
  }
}
