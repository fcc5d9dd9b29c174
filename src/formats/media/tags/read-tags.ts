import type { IAudioMetadata } from 'music-metadata';
import { TidegateError } from '../../../errors.ts';
import type { TagSource } from '../draft.ts';
import { loadMusicMetadata } from './music-metadata.ts';
import { SourceTokenizer, type TokenizerLimits } from './tokenizer.ts';

/**
 * The tags of a source, by music-metadata 11. Whatever it throws comes as a TidegateError: its own limits and
 * ours as they are, the rest (ParseError, RangeError of a DataView, TypeError ...) as `ERR_MALFORMED`.
 */
export async function readTags(tags: TagSource, limits: TokenizerLimits): Promise<IAudioMetadata> {
  const library = await loadMusicMetadata();
  const tokenizer = new SourceTokenizer(tags.source, tags.mediaType, library, limits);
  try {
    return await library.parseFromTokenizer(tokenizer, { duration: false, includeChapters: false });
  } catch (error) {
    limits.signal?.throwIfAborted();
    if (error instanceof TidegateError) throw error;
    const code = error instanceof library.EndOfStreamError ? 'ERR_TRUNCATED_INPUT' : 'ERR_MALFORMED';
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Cannot read the tags: ${reason}`;
    throw new TidegateError(code, message, { offset: tokenizer.position, cause: error });
  }
}
