import { TidegateError } from '../errors.ts';

/** Loads an optional package on first use. `ERR_MISSING_PEER`, with the command that installs it, if it is not there. */
export async function importPeer<M>(name: string, range: string, load: () => Promise<M>): Promise<M> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const message = `Cannot find the optional package ${name}: install it with "npm install ${name}@${range}"`;
    throw new TidegateError('ERR_MISSING_PEER', message, { package: name, range, cause });
  }
}
