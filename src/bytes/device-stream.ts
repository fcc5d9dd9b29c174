import { createReadStream, type Stats } from 'node:fs';
import type { Readable } from 'node:stream';

/**
 * The bytes of a descriptor that was opened without blocking and is no ordinary file. Loads `net` and `tty` only
 * here: an ordinary file needs neither.
 */
export function deviceStream(fd: number, stat: Stats): Readable {
  if (stat.isFIFO()) {
    const { Socket } = process.getBuiltinModule('node:net');
    return new Socket({ fd, readable: true, writable: false });
  }
  const { ReadStream, isatty } = process.getBuiltinModule('node:tty');
  if (isatty(fd)) return new ReadStream(fd);
  return createReadStream('', stat.isFile() ? { fd, start: 0 } : { fd });
}
