import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { TidegateError } from '../../../errors.ts';

type MusicMetadata = typeof import('music-metadata');
/** What music-metadata reads from. */
export type Tokenizer = Parameters<MusicMetadata['parseFromTokenizer']>[0];

/** The part of strtok3 that is used: music-metadata tells the end of the input by the class of this error. */
interface Strtok3 {
  readonly EndOfStreamError: new () => Error;
}

/** The optional package and what it reads through. */
export interface TagLibrary {
  readonly parseFromTokenizer: MusicMetadata['parseFromTokenizer'];
  readonly EndOfStreamError: new () => Error;
}

let library: Promise<TagLibrary> | undefined;

/** Loads music-metadata on first use; `ERR_MISSING_PEER` with the command that installs it. */
export function loadMusicMetadata(): Promise<TagLibrary> {
  library ??= load().catch((cause: unknown) => {
    library = undefined;
    const message = 'Cannot read tags: music-metadata is not installed; run `npm install music-metadata@^11.16.1`';
    throw new TidegateError('ERR_MISSING_PEER', message, { package: 'music-metadata', cause });
  });
  return library;
}

async function load(): Promise<TagLibrary> {
  const { parseFromTokenizer } = await import('music-metadata');
  // strtok3 is music-metadata's dependency, not ours: it is looked up from there, wherever that is installed.
  const resolve = createRequire(import.meta.resolve('music-metadata')).resolve;
  const { EndOfStreamError } = (await import(pathToFileURL(resolve('strtok3')).href)) as Strtok3;
  return { parseFromTokenizer, EndOfStreamError };
}
