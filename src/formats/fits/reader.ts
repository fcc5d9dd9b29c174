import type { Input } from '../../bytes/input.ts';
import type { FormatReader, RecordBatches } from '../format.ts';
import { readRecords } from '../read-file.ts';
import { type FitsOptions, limitsOf } from './options.ts';
import { plainInput } from './plain-input.ts';
import { readHdus } from './read-hdus.ts';
import { Window } from './window.ts';

/** Reads FITS 4.0: a record per HDU and per header card; data on request. */
export const reader: FormatReader<FitsOptions> = {
  read(input: Input, options: FitsOptions = {}): RecordBatches {
    const limits = limitsOf(options);
    return readRecords(input, { name: 'fits', mediaType: 'image/fits' }, options, async function* (out) {
      const plain = await plainInput(input, options);
      const window = new Window(plain, options.signal);
      try {
        yield* readHdus(window, out, options, limits);
      } finally {
        window.release();
        if (plain !== input) await plain.close();
      }
    });
  },
};
