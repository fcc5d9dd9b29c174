import { type Input, isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { positiveInteger } from '../../options.ts';
import { MiB } from '../../units.ts';
import type { FormatReader } from '../format.ts';
import { readRecords } from '../read-file.ts';
import type { Recorder } from '../recorder.ts';
import { Hdf5File } from './file.ts';
import { Findings } from './findings.ts';
import { hdf5Format } from './format.ts';
import type { Hdf5Options } from './options.ts';
import { seekableInput } from './seekable-input.ts';

/** Reads HDF5: each object, its attributes behind it, depth first. */
export const reader: FormatReader<Hdf5Options> = {
  read(input, options = {}) {
    const format = { name: hdf5Format.name, mediaType: hdf5Format.mediaTypes[0]! };
    return readRecords(input, format, options, (out) => readBody(input, options, out));
  },
};

async function* readBody(input: Input, options: Hdf5Options, out: Recorder): AsyncGenerator<void, void, void> {
  const maxBytes = positiveInteger('maxBufferedBytes', options.maxBufferedBytes ?? 16 * MiB);
  const { cacheBytes, signal } = options;
  const file = await Hdf5File.open(await seekableInput(input, maxBytes, signal), { capacityBytes: cacheBytes, signal });
  const findings = new Findings(file, out, options);
  const step = () => findings.next();
  for (;;) {
    const next = file.run(step);
    if (!(isPromise(next) ? await next : next)) break;
    if (out.isFull) yield;
  }
  const { endOffset } = file.superblock;
  if (endOffset > file.sizeBytes) {
    const message = `Cannot read all of the file: it ends at byte ${file.sizeBytes}, its superblock says ${endOffset}`;
    throw new TidegateError('ERR_TRUNCATED_INPUT', message, { file: input.name, offset: file.sizeBytes });
  }
}
