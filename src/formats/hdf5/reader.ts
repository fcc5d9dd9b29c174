import { ContainedFiles } from '../../bytes/contained-files.ts';
import { isPromise } from '../../bytes/input.ts';
import { asTidegateError, TidegateError } from '../../errors.ts';
import { positiveInteger } from '../../options.ts';
import { MiB } from '../../units.ts';
import type { FormatReader } from '../format.ts';
import { readRecords } from '../read-file.ts';
import type { Recorder } from '../recorder.ts';
import type { DatasetReader } from './dataset-reader.ts';
import type { Linked, LinkedFiles } from './external/linked.ts';
import { Hdf5File } from './file.ts';
import { Findings, type FindingsOptions, type FoundLink } from './findings.ts';
import { hdf5Format } from './format.ts';
import type { Hdf5Options } from './options.ts';
import { seekableInput } from './seekable-input.ts';

/** Reads HDF5: each object, its attributes behind it, then its samples where asked for, depth first. */
export const reader: FormatReader<Hdf5Options> = {
  read(input, options = {}) {
    const maxBytes = positiveInteger('maxBufferedBytes', options.maxBufferedBytes ?? 16 * MiB);
    const cacheBytes = positiveInteger('cacheBytes', options.cacheBytes ?? 2 * MiB);
    positiveInteger('maxDepth', options.maxDepth ?? 256);
    const root = options.followExternal && new ContainedFiles(options.followExternal.root);
    const format = { name: hdf5Format.name, mediaType: hdf5Format.mediaTypes[0]! };
    return readRecords(input, format, options, async function* (out) {
      const seekable = await seekableInput(input, maxBytes, options.signal);
      const file = await Hdf5File.open(seekable, { capacityBytes: cacheBytes, signal: options.signal });
      try {
        const job = await openJob(options, root, out);
        yield* readObjects(job, file, undefined, 0);
        expectWhole(file);
      } finally {
        file.close();
      }
    });
  },
};

/** What is the same for a file and for those that it links to. */
interface Job {
  readonly options: Hdf5Options;
  readonly out: Recorder;
  readonly openDatasets: ((file: Hdf5File) => DatasetReader) | undefined;
  readonly linkedFiles: LinkedFiles | undefined;
}

/** Loads what this read needs; most want the structure only. */
async function openJob(options: Hdf5Options, root: ContainedFiles | undefined, out: Recorder): Promise<Job> {
  const { slices } = options;
  const linkedFiles = root && new (await import('./external/linked.ts')).LinkedFiles(root, options);
  if (!slices) return { options, out, openDatasets: undefined, linkedFiles };
  const { DatasetReader: Reader } = await import('./dataset-reader.ts');
  const wanted = slices === true ? {} : slices;
  return { options, out, openDatasets: (file) => new Reader(file, wanted, options, root), linkedFiles };
}

async function* readObjects(
  job: Job,
  file: Hdf5File,
  start: FindingsOptions['start'],
  depth: number,
): AsyncGenerator<void, void, void> {
  const { options, out, linkedFiles } = job;
  const datasets = job.openDatasets?.(file);
  const isStepwise = datasets !== undefined || linkedFiles !== undefined;
  const findings = new Findings(file, out, { maxDepth: options.maxDepth, isStepwise, start });
  const step = () => findings.next();
  try {
    for (;;) {
      const next = file.run(step);
      if (!(isPromise(next) ? await next : next)) return;
      if (out.isFull) yield;
      const found = datasets && findings.takeDataset();
      if (found) yield* datasets.read(found, out);
      const link = linkedFiles && findings.takeLink();
      if (link) yield* readLinked(job, linkedFiles, file, link, depth);
    }
  } finally {
    await datasets?.close();
  }
}

/** Reads what a link leads to; what cannot be read of it is an issue. */
async function* readLinked(
  job: Job,
  linkedFiles: LinkedFiles,
  from: Hdf5File,
  { path, link }: FoundLink,
  depth: number,
): AsyncGenerator<void, void, void> {
  const { out, options } = job;
  let linked: Linked | undefined;
  try {
    linked = await linkedFiles.open(link, from, depth);
    if (linked.isKnown) return;
    const names = { ownPath: link.target ?? '/', fileName: link.targetFile ?? '' };
    yield* readObjects(job, linked.file, { path, address: linked.address, ...names }, depth + 1);
    expectWhole(linked.file);
  } catch (error) {
    options.signal?.throwIfAborted();
    const { code, message, facts } = asTidegateError(error, 'ERR_INTERNAL', { file: from.input.name });
    // The limits of the whole read end the whole read.
    if (facts.limit !== undefined) throw error;
    out.issue({ code, severity: 'error', message, path });
  } finally {
    await linked?.close();
  }
}

/** A file that was cut may look whole to those who only read what is there. */
function expectWhole({ superblock: { endOffset }, sizeBytes, input }: Hdf5File): void {
  if (endOffset <= sizeBytes) return;
  const message = `Cannot read all of the file: it ends at byte ${sizeBytes}, its superblock says ${endOffset}`;
  throw new TidegateError('ERR_TRUNCATED_INPUT', message, { file: input.name, offset: sizeBytes });
}
