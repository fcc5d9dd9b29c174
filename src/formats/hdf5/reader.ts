import { type Input, isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { positiveInteger } from '../../options.ts';
import { MiB } from '../../units.ts';
import type { FormatReader } from '../format.ts';
import { readRecords } from '../read-file.ts';
import type { FieldBody, Recorder } from '../recorder.ts';
import { openAttributes } from './attributes.ts';
import { eachBatch } from './each-batch.ts';
import { Hdf5File } from './file.ts';
import { hdf5Format } from './format.ts';
import type { Hdf5Object } from './object.ts';
import type { Hdf5Options } from './options.ts';
import { fieldBody, linkBody, objectBody } from './records.ts';
import { seekableInput } from './seekable-input.ts';
import { TreeGuard } from './tree-guard.ts';
import { type Visit, Walk } from './walk.ts';

/** Objects that may be unreadable before the rest is given up. */
const MAX_FAILURES = 1000;

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
  const walk = new Walk(file, options);
  const guard = new TreeGuard(file.sizeBytes);
  let failures = 0;
  for (;;) {
    const step = file.run(() => walk.next());
    const visits = isPromise(step) ? await step : step;
    if (!visits) break;
    for (const visit of visits) {
      if (visit.error && ++failures > MAX_FAILURES) throw visit.error;
      addVisit(file, visit, out);
      if (visit.object) yield* readAttributes(file, visit.path, visit.object, guard, out);
    }
    if (out.isFull) yield;
  }
  const { endOffset } = file.superblock;
  if (endOffset > file.sizeBytes) {
    const message = `Cannot read all of the file: it ends at byte ${file.sizeBytes}, its superblock says ${endOffset}`;
    throw new TidegateError('ERR_TRUNCATED_INPUT', message, { file: input.name, offset: file.sizeBytes });
  }
}

function addVisit(file: Hdf5File, visit: Visit, out: Recorder): void {
  if (visit.object) out.object(objectBody(file, visit.path, visit.object));
  else if (visit.link) out.object(linkBody(visit.path, visit.link));
  if (visit.path.includes('\ufffd')) undecodable(visit.path, out);
  if (visit.error) addError(visit.error, visit.path, out);
}

async function* readAttributes(
  file: Hdf5File,
  path: string,
  object: Hdf5Object,
  guard: TreeGuard,
  out: Recorder,
): AsyncGenerator<void, void, void> {
  try {
    for await (const batch of eachBatch(file, () => openAttributes(file, object.header, guard))) {
      for (const attribute of batch) {
        const made = file.run(() => fieldBody(file, path, attribute));
        addField(isPromise(made) ? await made : made, out);
        if (out.isFull) yield;
      }
    }
  } catch (error) {
    if (!(error instanceof TidegateError) || error.code === 'ERR_LIMIT') throw error;
    addError(error, path, out);
  }
}

function addField(body: FieldBody, out: Recorder): void {
  out.field(body);
  const { value } = body;
  const isClean = typeof value === 'number' || !JSON.stringify(value)?.includes('\ufffd');
  if (!isClean || body.path.includes('\ufffd')) undecodable(body.path, out);
}

function undecodable(path: string, out: Recorder): void {
  out.issue({ code: 'ERR_TEXT', severity: 'warning', message: `Cannot decode text as UTF-8 at ${path}`, path });
}

function addError({ code, message, offset }: TidegateError, path: string, out: Recorder): void {
  out.issue({ code, severity: 'error', message, offset, path });
}
