import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { TidegateError } from '../errors.ts';
import { Advisor, type AdvisorOptions } from './advisor.ts';

/**
 * The advisor whose state is in the file at `path`; one that knows nothing if there is no such file. A file that holds
 * something else is an `ERR_OPTION`: it would be overwritten.
 */
export async function readAdvisor(path: string, options: AdvisorOptions = {}): Promise<Advisor> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return new Advisor(options);
    const message = `Cannot read the state of the advisor: ${(cause as Error).message}`;
    throw new TidegateError('ERR_INPUT_OPEN', message, { file: path, cause });
  }
  try {
    return new Advisor(options, JSON.parse(text));
  } catch (cause) {
    const message = `Cannot use ${path} as the state of an advisor: it was not written by one`;
    throw new TidegateError('ERR_OPTION', message, { file: path, cause });
  }
}

/** Keeps what `advisor` has learned in the file at `path`, which holds the old state until the new one is complete. */
export async function writeAdvisor(path: string, advisor: Advisor): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, JSON.stringify(advisor));
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {}); // what went wrong first is what counts
    const message = `Cannot keep the state of the advisor: ${(cause as Error).message}`;
    throw new TidegateError('ERR_SINK', message, { file: path, cause });
  }
}
