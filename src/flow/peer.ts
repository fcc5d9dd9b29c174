import { createRequire } from 'node:module';
import { TidegateError } from '../errors.ts';

const require = createRequire(import.meta.url);

/**
 * Loads an optional CommonJS package on first use. `ERR_MISSING_PEER` with the command that installs it, if it is
 * not there.
 */
export function requirePeer<M>(name: string, range: string): M {
  try {
    return require(name) as M;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    const message = `Cannot find the optional package ${name}: install it with "npm install ${name}@${range}"`;
    throw new TidegateError('ERR_MISSING_PEER', message, { package: name, range, cause });
  }
}
