import { isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { positiveInteger } from '../../options.ts';
import { MiB } from '../../units.ts';
import type { FormatReader } from '../format.ts';
import { readRecords } from '../read-file.ts';
import type { Recorder } from '../recorder.ts';
import type { DatasetReader } from './dataset-reader.ts';
import { Hdf5File } from './file.ts';
import { Findings } from './findings.ts';
import { hdf5Format } from './format.ts';
import type { Hdf5Options } from './options.ts';
import { seekableInput } from './seekable-input.ts';

/** Reads HDF5: each object, its attributes behind it, then its samples where asked for, depth first. */
export const reader: FormatReader<Hdf5Options> = {
  read(input, options = {}) {
    const maxBytes = positiveInteger('maxBufferedBytes', options.maxBufferedBytes ?? 16 * MiB);
    const cacheBytes = positiveInteger('cacheBytes', options.cacheBytes ?? 2 * MiB);
    positiveInteger('maxDepth', options.maxDepth ?? 256);
    const format = { name: hdf5Format.name, mediaType: hdf5Format.mediaTypes[0]! };
    return readRecords(input, format, options, async function* (out) {
      const seekable = await seekableInput(input, maxBytes, options.signal);
      const file = await Hdf5File.open(seekable, { capacityBytes: cacheBytes, signal: options.signal });
      try {
        yield* readBody(file, options, out);
      } finally {
        file.close();
      }
    });
  },
};

async function* readBody(file: Hdf5File, options: Hdf5Options, out: Recorder): AsyncGenerator<void, void, void> {
  const datasets = await openDatasets(file, options);
  try {
    yield* readObjects(file, options, datasets, out);
  } finally {
    await datasets?.close();
  }
  expectWhole(file);
}

async function* readObjects(
  file: Hdf5File,
  options: Hdf5Options,
  datasets: DatasetReader | undefined,
  out: Recorder,
): AsyncGenerator<void, void, void> {
  const findings = new Findings(file, out, options, datasets !== undefined);
  const step = () => findings.next();
  for (;;) {
    const next = file.run(step);
    if (!(isPromise(next) ? await next : next)) return;
    if (out.isFull) yield;
    const found = datasets && findings.takeDataset();
    if (found) yield* datasets.read(found, out);
  }
}

/** Loaded on demand: most reads want the structure only. */
async function openDatasets(file: Hdf5File, options: Hdf5Options): Promise<DatasetReader | undefined> {
  if (!options.slices) return undefined;
  const { DatasetReader: Reader } = await import('./dataset-reader.ts');
  return new Reader(file, options.slices === true ? {} : options.slices, options);
}

/** A file that was cut may look whole to those who only read what is there. */
function expectWhole({ superblock: { endOffset }, sizeBytes, input }: Hdf5File): void {
  if (endOffset <= sizeBytes) return;
  const message = `Cannot read all of the file: it ends at byte ${sizeBytes}, its superblock says ${endOffset}`;
  throw new TidegateError('ERR_TRUNCATED_INPUT', message, { file: input.name, offset: sizeBytes });
}
