import type { Format } from '../format.ts';
import { audioLikelihood } from '../media/likelihood.ts';
import type { AudioOptions } from '../media/options.ts';

export type { AudioOptions } from '../media/options.ts';

/** Sound: WAV, RF64, W64, AIFF, FLAC, MP3, AAC, Ogg, Opus, WMA, APE, WavPack, Musepack, DSD, and MP4 or Matroska without pictures. */
export const audioFormat: Format<AudioOptions> = {
  name: 'audio',
  title: 'Audio (WAV, FLAC, MP3, AAC, Ogg, M4A ...)',
  // biome-ignore format: a list
  extensions: [
    'wav', 'mp3', 'flac', 'm4a', 'ogg', 'opus', 'oga', 'spx', 'aac', 'aiff', 'aif', 'aifc', 'wma', 'mka', 'weba', 'm4b', 'm4r',
    'mp2', 'mp1', 'mpa', 'w64', 'rf64', 'bwf', 'bw64', 'ape', 'wv', 'mpc', 'mp+', 'dsf', 'dff', 'amr',
    'au', 'snd', 'caf', 'tta', 'tak', 'voc', 'ac3', 'eac3',
  ],
  // biome-ignore format: a list
  mediaTypes: [
    'audio/wav', 'audio/mpeg', 'audio/flac', 'audio/mp4', 'audio/ogg', 'audio/opus', 'audio/aac', 'audio/aiff',
    'audio/x-ms-wma', 'audio/matroska', 'audio/webm', 'audio/x-ape', 'audio/wavpack', 'audio/musepack', 'audio/dsf', 'audio/x-dff',
  ],
  likelihood: audioLikelihood,
  load: async () => (await import('./reader.ts')).reader,
};
