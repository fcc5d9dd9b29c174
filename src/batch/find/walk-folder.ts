import { stat } from 'node:fs/promises';
import { type FileName, joinName, showName } from './file-name.ts';
import { type FolderEntry, listFolder } from './folder.ts';
import { type Found, foundIssue } from './found.ts';
import type { Glob } from './glob.ts';
import type { PathFilter } from './path-filter.ts';

/** What of a folder is meant. */
interface WalkFolderOptions {
  /** @defaultValue everything */
  readonly glob?: Glob | undefined;
  readonly filter?: PathFilter | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A folder on the way down, and how far its names have been gone through. */
interface Level {
  readonly folder: FileName;
  /** Path below the root of the walk, for the glob. */
  readonly below: string;
  /** Reached through a link: what is in it may be on the way down already. */
  readonly isLinked: boolean;
  readonly entries: readonly FolderEntry[];
  nextIndex: number;
}

/** The files in and below `root`, depth first; with a glob, those that it means. An own stack instead of recursion. */
export async function* walkFolder(root: FileName, options: WalkFolderOptions = {}): AsyncGenerator<Found, void, void> {
  const levels: Level[] = [];
  const linkedFolders = new Set<string>();
  const unreadable = await enter(levels, root, '', false);
  if (unreadable) yield unreadable;
  while (levels.length > 0) {
    options.signal?.throwIfAborted();
    const level = levels.at(-1)!;
    const entry = level.entries[level.nextIndex++];
    if (entry === undefined) {
      levels.pop();
      continue;
    }
    const found = await visit(entry, levels, options, linkedFolders);
    if (found) yield found;
  }
}

/** Looks at one name: a file to report, a folder to go into, or nothing. */
async function visit(
  entry: FolderEntry,
  levels: Level[],
  { glob, filter }: WalkFolderOptions,
  linkedFolders: Set<string>,
): Promise<Found | undefined> {
  const level = levels.at(-1)!;
  const name = joinName(level.folder, entry.name);
  const below = showName(joinName(level.below, entry.name));
  const isFileMeant = (glob?.accepts(below) ?? true) && (filter?.accepts(below) ?? true);
  const isFolderMeant = (glob?.mayHold(below) ?? true) && !filter?.excludes(below);
  if (!isFileMeant && !isFolderMeant) return undefined;
  const type = entry.type === 'link' || entry.type === 'unknown' ? await typeOfTarget(name) : entry.type;
  if (type instanceof Error) return isFileMeant ? foundIssue(showName(name), 'follow', type) : undefined;
  if (type === 'file') return isFileMeant ? { kind: 'file', path: showName(name), name } : undefined;
  if (type !== 'folder' || !isFolderMeant) return undefined;
  const isLink = entry.type === 'link';
  if ((isLink || level.isLinked) && (await isKnown(name, levels, isLink ? linkedFolders : undefined))) return undefined;
  return await enter(levels, name, below, isLink || level.isLinked);
}

async function enter(levels: Level[], folder: FileName, below: string, isLinked: boolean): Promise<Found | undefined> {
  try {
    levels.push({ folder, below, isLinked, entries: await listFolder(folder), nextIndex: 0 });
    return undefined;
  } catch (error) {
    return foundIssue(showName(folder), 'read folder', error as Error);
  }
}

/** What is behind the path, links followed. */
export async function typeOfTarget(path: FileName): Promise<'file' | 'folder' | 'other' | NodeJS.ErrnoException> {
  try {
    const target = await stat(path);
    return target.isFile() ? 'file' : target.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}

/** Whether a folder is on the way down already, or was reached through another link. */
async function isKnown(
  name: FileName,
  levels: readonly Level[],
  linkedFolders: Set<string> | undefined,
): Promise<boolean> {
  const id = await identity(name);
  if (linkedFolders?.has(id)) return true;
  for (const { folder } of levels) if ((await identity(folder)) === id) return true;
  linkedFolders?.add(id);
  return false;
}

async function identity(path: FileName): Promise<string> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    // It went away meanwhile: listing it will say so.
    return '';
  }
}
