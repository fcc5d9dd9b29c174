import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { TidegateError } from '../errors.ts';
import type { BufferPool } from '../memory/buffer-pool.ts';
import { poolOf, type StrategyChoice, strategyOf } from '../memory/strategy.ts';
import { deviceStream } from './device-stream.ts';
import type { Input } from './input.ts';
import { cannotOpen } from './input-errors.ts';
import { ReadableSource } from './readable-source.ts';
import { RegularFileInput } from './regular-file-input.ts';
import { SequentialInput } from './sequential-input.ts';

/** Options for {@link openFile}. */
export interface FileInputOptions {
  /** Read synchronously: cheapest on a local disk, but the thread waits for it. @defaultValue false */
  readonly isSync?: boolean | undefined;
  /** Name of the input in records. @defaultValue the path as given */
  readonly name?: string | undefined;
  /** Where the memory of the chunks comes from. @defaultValue the pool of the strategy */
  readonly pool?: BufferPool | undefined;
  /** Reads ahead, and the pool. @defaultValue `'balanced'` */
  readonly strategy?: StrategyChoice | undefined;
}

// Without O_NONBLOCK the open of a FIFO waits for its writer, and the whole thread with it.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a local file: a regular one for reads at any offset; a FIFO, a device, or a file whose size is not known
 * before its end (`/proc`) for one read from front to back. Caller closes.
 *
 * A path whose bytes are not UTF-8 is given as a Buffer.
 *
 * A regular file has the size that it has now: bytes added later are not read, and one that gets shorter while it
 * is read is an `ERR_INPUT_CHANGED`. Fails with `ERR_INPUT_OPEN`.
 */
export function openFile(path: string | Buffer, options: FileInputOptions = {}): Input {
  const name = options.name ?? String(path);
  let fd: number | undefined;
  try {
    fd = openSync(path, FLAGS);
    return inputOf(fd, fstatSync(fd), { path, name }, options);
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    throw cannotOpen(name, error);
  }
}

/** What was asked to be opened, and what it is called. */
interface Named {
  readonly path: string | Buffer;
  readonly name: string;
}

function inputOf(fd: number, stat: Stats, { path, name }: Named, options: FileInputOptions): Input {
  const strategy = strategyOf(options.strategy, stat.isFile() ? stat.size : undefined);
  const pool = options.pool ?? poolOf(strategy);
  if (stat.isDirectory()) {
    throw new TidegateError('ERR_INPUT_OPEN', `Cannot open ${name}: it is a folder`, { file: name });
  }
  if (stat.isFile() && (stat.size > 0 || readSync(fd, Buffer.alloc(1), 0, 1, 0) === 0)) {
    const localPath = typeof path === 'string' ? path : undefined;
    const { size: sizeBytes, mtimeMs } = stat;
    const { isSync = false } = options;
    const { readAheadCount } = strategy;
    return new RegularFileInput({ name, localPath, fd, sizeBytes, mtimeMs, isSync, pool, readAheadCount });
  }
  return new SequentialInput(new ReadableSource(deviceStream(fd, stat)), { name, pool });
}
