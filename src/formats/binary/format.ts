import type { Format } from '../format.ts';
import type { BinaryOptions } from './options.ts';

/** Any bytes at all: what is read when no other format is recognised. */
export const binaryFormat: Format<BinaryOptions> = {
  name: 'binary',
  title: 'Any bytes',
  extensions: [],
  mediaTypes: ['application/octet-stream'],
  // Everything is bytes, so any other format that finds the input plausible is the better answer.
  likelihood: () => Number.MIN_VALUE,
  load: async () => (await import('./reader.ts')).reader,
};
