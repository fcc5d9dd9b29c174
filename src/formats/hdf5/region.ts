/** A block of elements of a dataset: where it begins and how far it reaches, for each axis. */
export interface Region {
  readonly start: readonly number[];
  readonly shape: readonly number[];
}

/** Elements of a shape. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/**
 * Cuts `shape` into regions of at most `maxBytes` (or of one element), each one piece of a contiguous dataset, in C
 * order.
 */
export function* regionsOf(shape: readonly number[], elementBytes: number, maxBytes: number): Generator<Region> {
  if (countOf(shape) === 0) return;
  if (shape.length === 0) {
    yield { start: [], shape: [] };
    return;
  }
  // The slowest axis of which one step fits: those before it are counted one by one, those behind it are whole.
  let axis = shape.length - 1;
  let stepBytes = elementBytes;
  while (axis > 0 && stepBytes * shape[axis]! <= maxBytes) stepBytes *= shape[axis--]!;
  const steps = Math.max(1, Math.floor(maxBytes / stepBytes));
  const start = shape.map(() => 0);
  for (;;) {
    for (let at = 0; at < shape[axis]!; at += steps) {
      const own = shape.map((length, index) =>
        index < axis ? 1 : index > axis ? length : Math.min(steps, length - at),
      );
      yield { start: start.map((value, index) => (index === axis ? at : value)), shape: own };
    }
    if (!increment(start, shape, axis - 1)) return;
  }
}

/** Counts `index` up at `axis`, carrying to the axes before; `false` when it has gone through all. */
function increment(index: number[], shape: readonly number[], axis: number): boolean {
  for (; axis >= 0; axis--) {
    index[axis]!++;
    if (index[axis]! < shape[axis]!) return true;
    index[axis] = 0;
  }
  return false;
}

/** The part of a chunk that lies inside the dataset; `undefined` if none does. */
export function clip(
  start: readonly number[],
  chunkShape: readonly number[],
  shape: readonly number[],
): Region | undefined {
  const own = chunkShape.map((length, axis) => Math.min(length, shape[axis]! - start[axis]!));
  return own.some((length) => length <= 0) ? undefined : { start, shape: own };
}

/** The bytes of the first `shape` elements of a chunk of `chunkShape`; the chunk's own where that is all of it. */
export function crop(
  bytes: Buffer,
  chunkShape: readonly number[],
  shape: readonly number[],
  elementBytes: number,
): Buffer {
  // Axes before the first that is cut need a loop, those behind the last one are whole runs.
  let axis = shape.length - 1;
  let runBytes = elementBytes;
  while (axis >= 0 && shape[axis] === chunkShape[axis]) runBytes *= shape[axis--]!;
  if (axis < 0) return bytes;
  runBytes *= shape[axis]!;
  const out = Buffer.allocUnsafe(countOf(shape) * elementBytes);
  const index = shape.map(() => 0);
  for (let at = 0; at < out.length; at += runBytes) {
    let from = 0;
    for (let dimension = 0; dimension < shape.length; dimension++)
      from = from * chunkShape[dimension]! + index[dimension]!;
    bytes.copy(out, at, from * elementBytes, from * elementBytes + runBytes);
    increment(index, shape, axis - 1);
  }
  return out;
}
