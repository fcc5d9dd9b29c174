import { type Input, isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { MiB } from '../../units.ts';
import { openChunks } from './chunk-index.ts';
import { elementCount } from './dataspace.ts';
import type { Datatype } from './datatype.ts';
import { decodeChunk, isDecodable } from './decode-chunk.ts';
import { eachBatch } from './each-batch.ts';
import type { Hdf5File } from './file.ts';
import type { InflateBudget } from './inflate-budget.ts';
import type { ChunkedLayout, ContiguousLayout } from './layout.ts';
import { malformed, unsupported } from './malformed.ts';
import type { DatasetObject } from './object.ts';
import { clip, countOf, crop, type Region, regionsOf } from './region.ts';
import type { StoredChunk } from './stored-chunk.ts';
import { TreeGuard } from './tree-guard.ts';

/** Elements of a dataset, decoded. */
export interface Slab {
  readonly region: Region;
  /** Valid until the next slab is asked for. */
  readonly bytes: Buffer;
  /** What these bytes are made of, where that is not the dataset's own type. */
  readonly type?: Datatype | undefined;
  /** Where they stand in the file (before decoding). */
  readonly offset: number | undefined;
  readonly lengthBytes: number | undefined;
}

/** What slabs may cost. */
export interface SlabLimits {
  /** Bytes of one decoded chunk. */
  readonly maxChunkBytes: number;
  readonly inflate: InflateBudget;
  readonly signal: AbortSignal | undefined;
}

/** A contiguous dataset is read in regions of this many bytes. */
const REGION_BYTES: number = MiB;

/** `true` if {@link readSlabs} can decode this dataset by itself. */
export function isOwnWork({ layout, filters }: DatasetObject): boolean {
  return layout.kind !== 'virtual' && isDecodable(filters);
}

/** The elements of a dataset that stand in the file, chunk by chunk or in regions of 1 MiB; not those never written. */
export async function* readSlabs(
  file: Hdf5File,
  dataset: DatasetObject,
  limits: SlabLimits,
): AsyncGenerator<Slab, void, void> {
  const { layout, space } = dataset;
  if (elementCount(space) === 0) return;
  const [outside] = dataset.externalPieces;
  if (outside) throw unsupported('dataset', `its elements stand in ${outside.name}, which is not followed`);
  if (layout.kind === 'contiguous') yield* contiguousSlabs(file, dataset, layout, limits);
  else if (layout.kind === 'chunked') yield* chunkSlabs(file, dataset, layout, limits);
  else if (layout.kind === 'compact') {
    const { value } = layout;
    const made = file.run(() => {
      const cursor = file.open(value, 'compact dataset');
      return Buffer.from(cursor.bytes.subarray(cursor.at, cursor.end));
    });
    const bytes = isPromise(made) ? await made : made;
    const region = { start: space.shape.map(() => 0), shape: space.shape };
    expectBytes(bytes.length, elementCount(space) * dataset.type.sizeBytes, value.offset);
    yield { region, bytes, offset: value.bytes ? undefined : value.offset, lengthBytes: value.lengthBytes };
  }
}

async function* contiguousSlabs(
  file: Hdf5File,
  dataset: DatasetObject,
  layout: ContiguousLayout,
  limits: SlabLimits,
): AsyncGenerator<Slab, void, void> {
  if (layout.address === undefined) return;
  const elementBytes = dataset.type.sizeBytes;
  let offset = file.superblock.baseOffset + layout.address;
  expectBytes(layout.lengthBytes, elementCount(dataset.space) * elementBytes, offset);
  for (const region of regionsOf(dataset.space.shape, elementBytes, REGION_BYTES)) {
    const lengthBytes = countOf(region.shape) * elementBytes;
    const loan = await load(file.input, offset, lengthBytes, limits.signal);
    try {
      yield { region, bytes: loan.bytes, offset, lengthBytes };
    } finally {
      loan.release();
    }
    offset += lengthBytes;
  }
}

async function* chunkSlabs(
  file: Hdf5File,
  dataset: DatasetObject,
  layout: ChunkedLayout,
  limits: SlabLimits,
): AsyncGenerator<Slab, void, void> {
  const { space, filters, type } = dataset;
  const chunkBytes = countOf(layout.chunkShape) * layout.elementBytes;
  if (layout.elementBytes !== type.sizeBytes) {
    throw malformed('layout', `elements of ${layout.elementBytes} bytes, their type has ${type.sizeBytes}`);
  }
  if (chunkBytes > limits.maxChunkBytes) {
    const message = `Cannot read chunks of ${chunkBytes} bytes: slices.maxChunkBytes is ${limits.maxChunkBytes}`;
    throw new TidegateError('ERR_LIMIT', message, { limit: 'maxChunkBytes' });
  }
  const guard = new TreeGuard(file.sizeBytes);
  for await (const batch of eachBatch(file, () => openChunks(file, layout, space, filters.length > 0))) {
    for (const chunk of batch) {
      // Chunks that overlap could make a small file cost any time.
      guard.visit(chunk.address, chunk.storedBytes);
      const region = clip(chunk.start, layout.chunkShape, space.shape);
      if (!region) continue;
      const offset = file.superblock.baseOffset + chunk.address;
      const loan = await load(file.input, offset, chunk.storedBytes, limits.signal);
      try {
        const whole = decode(dataset, layout, chunk, region, loan.bytes, chunkBytes, limits);
        const bytes = crop(whole, layout.chunkShape, region.shape, type.sizeBytes);
        yield { region, bytes, offset, lengthBytes: chunk.storedBytes };
      } finally {
        loan.release();
      }
    }
  }
}

function decode(
  dataset: DatasetObject,
  layout: ChunkedLayout,
  chunk: StoredChunk,
  region: Region,
  stored: Buffer,
  chunkBytes: number,
  limits: SlabLimits,
): Buffer {
  const isPartial = region.shape.some((length, axis) => length !== layout.chunkShape[axis]);
  const isRaw = dataset.filters.length === 0 || (layout.arePartialChunksRaw && isPartial);
  const bytes = isRaw ? stored : decodeChunk(stored, dataset.filters, chunk.mask, chunkBytes);
  if (!isRaw) limits.inflate.spend(stored.length, bytes.length);
  expectBytes(bytes.length, chunkBytes, chunk.address);
  return bytes;
}

function expectBytes(actual: number, needed: number, offset: number): void {
  if (actual < needed) throw malformed('dataset', `${actual} bytes where its shape needs ${needed}`, offset);
}

async function load(input: Input, offset: number, lengthBytes: number, signal: AbortSignal | undefined) {
  const sizeBytes = input.sizeBytes ?? 0;
  if (offset + lengthBytes > sizeBytes) truncated(input, offset, lengthBytes, sizeBytes);
  const read = input.read(offset, lengthBytes, signal);
  const chunk = isPromise(read) ? await read : read;
  if (chunk.bytes.length >= lengthBytes) return chunk;
  chunk.release();
  return truncated(input, offset, lengthBytes, offset + chunk.bytes.length);
}

function truncated(input: Input, offset: number, neededBytes: number, end: number): never {
  const message = `Cannot read ${neededBytes} bytes at ${offset}: the input ends at byte ${end}`;
  throw new TidegateError('ERR_TRUNCATED_INPUT', message, { file: input.name, offset, neededBytes });
}
