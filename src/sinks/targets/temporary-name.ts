import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

/** A name that nobody has in this folder. Short: that of the target may be as long as the file system allows. */
export function temporaryName(folder: string): string {
  return join(folder, `.tidegate-${randomUUID().slice(0, 13)}.tmp`);
}
