/** A part of an array: a hyperslab with a contiguous run of elements, in C order. */
export interface Box {
  readonly start: readonly number[];
  readonly shape: readonly number[];
  /** Its first element, counted over the whole array. */
  readonly firstIndex: number;
  readonly count: number;
}

/** Cuts an array into boxes of at most `maxCount` elements: whole rows, planes ... where they fit. */
export function* boxes(shape: readonly number[], maxCount: number): Generator<Box, void, void> {
  if (shape.includes(0)) return;
  const { axis, innerCount } = cutAxis(shape, maxCount);
  if (axis < 0) {
    yield { start: shape.map(() => 0), shape, firstIndex: 0, count: innerCount };
    return;
  }
  const rowsPerBox = Math.max(1, Math.floor(maxCount / innerCount));
  const start = shape.map(() => 0);
  for (let firstIndex = 0; ; ) {
    const rows = Math.min(rowsPerBox, shape[axis]! - start[axis]!);
    const boxShape = shape.map((length, at) => (at < axis ? 1 : at === axis ? rows : length));
    yield { start: start.slice(), shape: boxShape, firstIndex, count: rows * innerCount };
    firstIndex += rows * innerCount;
    start[axis]! += rows;
    for (let at = axis; start[at] === shape[at]; at--) {
      if (at === 0) return;
      start[at] = 0;
      start[at - 1]! += 1;
    }
  }
}

/** The axis to cut along, and how many elements one step along it has; -1: nothing has to be cut. */
function cutAxis(shape: readonly number[], maxCount: number): { axis: number; innerCount: number } {
  let innerCount = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (innerCount * shape[axis]! > maxCount) return { axis, innerCount };
    innerCount *= shape[axis]!;
  }
  return { axis: -1, innerCount };
}
