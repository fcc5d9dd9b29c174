/** Chunks of a WAVE file that music-metadata reads tags from. */
export const WAVE_TAG_CHUNKS: ReadonlySet<string> = new Set(['LIST', 'id3 ', 'ID3 ', 'bext']);
/** Those of an AIFF file. */
export const AIFF_TAG_CHUNKS: ReadonlySet<string> = new Set(['NAME', 'AUTH', '(c) ', 'ANNO', 'ID3 ', 'id3 ']);
