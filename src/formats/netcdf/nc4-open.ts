import { type Input, isPromise } from '../../bytes/input.ts';
import { MiB } from '../../units.ts';
import { eachBatch, Hdf5File, openAttributes, readObject, seekableInput, TreeGuard } from '../hdf5/index.ts';
import type { HeaderWindow } from './header-window.ts';
import { matchDimensions } from './nc4-dimensions.ts';
import { Nc4Scan, type Nc4ScanListener } from './nc4-scan.ts';
import { ReplayedInput } from './replayed-input.ts';

/** Without random access a whole HDF5 file has to be in memory: so large a one at most. */
const MAX_BUFFERED_BYTES = 16 * MiB;
const DEFAULT_MAX_DEPTH = 256;

/** What can be set where a NetCDF-4 file is opened. */
export interface Nc4OpenOptions {
  readonly signal?: AbortSignal | undefined;
  readonly maxDepth?: number | undefined;
  readonly maxObjects?: number | undefined;
  readonly maxBufferedBytes?: number | undefined;
}

/** Opens a NetCDF-4 file whose first bytes are in `window`, and reads its model; yields where the listener is full. */
export async function* openNc4(
  window: HeaderWindow,
  input: Input,
  options: Nc4OpenOptions,
  listener: Nc4ScanListener,
): AsyncGenerator<void, Nc4Scan, void> {
  const { signal, maxDepth = DEFAULT_MAX_DEPTH, maxObjects = Number.POSITIVE_INFINITY } = options;
  const { maxBufferedBytes = MAX_BUFFERED_BYTES } = options;
  const replayed = input.isSeekable ? input : new ReplayedInput(input, window.held(0));
  const file = await Hdf5File.open(await seekableInput(replayed, maxBufferedBytes, signal), { signal });
  const scan = new Nc4Scan(file, { maxDepth, maxObjects }, listener);
  yield* scan.run();
  matchDimensions(scan);
  return scan;
}

/** `true` if the file keeps to the classic model (`_nc3_strict`). */
export async function isClassicModel({ file, root }: Nc4Scan): Promise<boolean> {
  const pending = file.run(() => readObject(file, root.address));
  const { header } = isPromise(pending) ? await pending : pending;
  for await (const batch of eachBatch(file, () => openAttributes(file, header, new TreeGuard(file.sizeBytes)))) {
    if (batch.some((attribute) => attribute.name === '_nc3_strict')) return true;
  }
  return false;
}
