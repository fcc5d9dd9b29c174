import { retryDead } from '../batch/retry-dead.ts';
import type { ExtractArguments } from './arguments.ts';
import { ExtractRun } from './extract-run.ts';
import { extractSettings } from './extract-settings.ts';
import { UsageError } from './usage-error.ts';

/** `tidegate retry-dead`: `extract` for the files of a list of dead letters, which is written anew with what is left. */
export async function runRetryDead(args: ExtractArguments): Promise<number> {
  for (const option of ['dead-letters', 'manifest'] as const) {
    if (args[option] !== undefined) throw new UsageError(`retry-dead takes no --${option}: its list is both`);
  }
  const list = args.patterns[0]!;
  const settings = await extractSettings(args);
  return await new ExtractRun(settings, (sink, options) => retryDead(list, sink, options)).finish();
}
