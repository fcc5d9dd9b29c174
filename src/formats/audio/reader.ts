import type { FormatReader } from '../format.ts';
import type { AudioOptions } from '../media/options.ts';
import { readMedia } from '../media/read-media.ts';

/**
 * Reads sound: `format/*` fields, one `stream` object each, chapters, pictures, `tags/*` and `native/*`, and on
 * request one sample record `{ rms, peak, zeroCrossingRate }` per stretch of sound.
 */
export const reader: FormatReader<AudioOptions> = {
  read: (input, { frames, ...options } = {}) => readMedia(input, 'audio', { ...options, soundFrames: frames }),
};
