import type { Input } from '../../../bytes/input.ts';
import type { IssueBody } from '../../recorder.ts';
import type { FfmpegOptions } from '../options.ts';
import { buildArguments, type CommandRequest } from './command.ts';
import { locateFfmpeg } from './locate.ts';
import { MediaProcess } from './media-process.ts';
import { ffmpegSource } from './source.ts';

/** A run of ffmpeg over an input. */
export interface FfmpegRun extends Omit<CommandRequest, 'source' | 'outputOptions'> {
  readonly outputOptions: (program: { readonly hasFpsMode: boolean }) => readonly string[];
  readonly onLine?: ((line: string) => void) | undefined;
}

/** Starts ffmpeg over an input. Caller reads its `chunks()`, or kills it. */
export async function startFfmpeg(
  input: Input,
  run: FfmpegRun,
  options: FfmpegOptions,
  signal?: AbortSignal,
): Promise<MediaProcess> {
  const program = await locateFfmpeg(options, signal);
  const { url: source, feed } = ffmpegSource(input);
  const args = await buildArguments({ ...run, source, outputOptions: run.outputOptions(program) }, options);
  const { timeoutMs, idleTimeoutMs, budget, onRssBytes } = options;
  return new MediaProcess({
    path: program.path,
    args,
    signal,
    timeoutMs,
    idleTimeoutMs,
    feed,
    onLine: run.onLine,
    budget,
    onRssBytes,
  });
}

/** What ffmpeg said about broken input while it ended well: the file is partial then. */
export function complaint(errors: readonly string[]): IssueBody | undefined {
  if (errors.length === 0) return undefined;
  const message = `ffmpeg could not decode all of it: ${errors[0]!.slice(0, 500)}`;
  return { code: 'ERR_CHILD_PROCESS', severity: 'error', message };
}
