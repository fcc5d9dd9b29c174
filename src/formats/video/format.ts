import type { Format } from '../format.ts';
import { videoLikelihood } from '../media/likelihood.ts';
import type { VideoOptions } from '../media/options.ts';

export type { VideoOptions } from '../media/options.ts';

/** Moving pictures: MP4, MOV, 3GP, Matroska, WebM, AVI, ASF, Ogg; FLV, MPEG-TS and MPEG-PS with ffmpeg. */
export const videoFormat: Format<VideoOptions> = {
  name: 'video',
  title: 'Video (MP4, MOV, Matroska, WebM, AVI ...)',
  // biome-ignore format: a list
  extensions: [
    'mp4', 'mkv', 'mov', 'webm', 'm4v', 'avi', '3gp', '3g2', 'wmv', 'asf', 'ogv', 'flv', 'f4v', 'm2ts', 'mts', 'mpg', 'mpeg',
    'vob', 'qt', 'mk3d', 'mxf', 'nut', 'rm', 'rmvb', 'ivf',
  ],
  // biome-ignore format: a list
  mediaTypes: [
    'video/mp4', 'video/matroska', 'video/quicktime', 'video/webm', 'video/x-msvideo', 'video/3gpp', 'video/x-ms-wmv',
    'video/ogg', 'video/x-flv', 'video/mp2t', 'video/mpeg',
  ],
  likelihood: videoLikelihood,
  load: async () => (await import('./reader.ts')).reader,
};
