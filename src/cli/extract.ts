import type { ExtractArguments } from './arguments.ts';
import { ExtractRun } from './extract-run.ts';
import { extractSettings } from './extract-settings.ts';

/** `tidegate extract`: returns the exit code; throws what ended the run. */
export async function runExtract(args: ExtractArguments): Promise<number> {
  return await new ExtractRun(await extractSettings(args)).finish();
}
