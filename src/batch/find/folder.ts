import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { FileName } from './file-name.ts';

/** One thing in a folder. `unknown`: the file system did not say, only a `stat` can. */
export interface FolderEntry {
  readonly name: FileName;
  readonly type: 'file' | 'folder' | 'link' | 'unknown' | 'other';
}

/**
 * What is in one folder, in the order of the names' code units (bytes where a name is not UTF-8): the same on every
 * run and every file system. Not `recursive`: that loses files on Node 20 (nodejs/node#48820).
 */
export async function listFolder(path: FileName): Promise<FolderEntry[]> {
  const entries = await readdir(path as string, { withFileTypes: true });
  if (entries.some(({ name }) => name.includes('\ufffd'))) return sorted(await listBytes(path));
  return sorted(entries.map((entry) => ({ name: entry.name, type: typeOf(entry) })));
}

/** The same by bytes, for a folder with a name that may not be UTF-8. Twice the cost, hence only then. */
async function listBytes(path: FileName): Promise<FolderEntry[]> {
  const entries = await readdir(path as string, { withFileTypes: true, encoding: 'buffer' });
  return (entries as unknown as Dirent<Buffer>[]).map((entry) => {
    const text = entry.name.toString('utf8');
    return { name: Buffer.from(text).equals(entry.name) ? text : entry.name, type: typeOf(entry) };
  });
}

function typeOf(entry: Dirent<string> | Dirent<Buffer>): FolderEntry['type'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (entry.isSymbolicLink()) return 'link';
  return entry.isFIFO() || entry.isSocket() || entry.isBlockDevice() || entry.isCharacterDevice() ? 'other' : 'unknown';
}

function sorted(entries: FolderEntry[]): FolderEntry[] {
  return entries.sort((a, b) => compare(a.name, b.name));
}

function compare(a: FileName, b: FileName): number {
  if (typeof a !== 'string' || typeof b !== 'string') {
    return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
