import { stat } from 'node:fs/promises';
import type { SinkUnit } from '../../flow/sink.ts';

/**
 * The unit of a file on disk, by its size, mtime in nanoseconds and inode; of what is no file (a URL, a path that is
 * not there), by its name alone. Take it **before** the file is read: a change meanwhile makes another unit of it.
 *
 * - Emits: the unit, once.
 * - Waits: for one look at the file.
 * - Holds: nothing.
 * - Fails: never: what is wrong with the file, its records will say.
 *
 * @param file The `file` of its records.
 * @param name Its name on disk, if that is not the same. @defaultValue `file`
 */
export async function fileUnit(file: string, name: string | Uint8Array = file): Promise<SinkUnit> {
  try {
    const { size, mtimeNs, ino } = await stat(name as string | Buffer, { bigint: true });
    return { file, identity: `${size} ${mtimeNs} ${ino}` };
  } catch {
    return { file, identity: '' };
  }
}
