import type { FormatReader } from '../format.ts';
import type { VideoOptions } from '../media/options.ts';
import { readMedia } from '../media/read-media.ts';

/**
 * Reads moving pictures: `format/*` fields, one `stream` object each, chapters, pictures, `tags/*` and `native/*`,
 * and on request one sample record per packet or per sampled picture.
 */
export const reader: FormatReader<VideoOptions> = {
  read: (input, { frames, ...options } = {}) => readMedia(input, 'video', { ...options, pictures: frames }),
};
