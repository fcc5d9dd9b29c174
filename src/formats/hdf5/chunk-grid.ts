/** The chunks of a dataset as cells of a grid, numbered in C order. */
export class ChunkGrid {
  readonly chunkShape: readonly number[];
  /** Bytes of a whole chunk before any filter. */
  readonly chunkBytes: number;
  /** Axes in the order in which the numbers count them, slowest first. */
  readonly #axes: readonly number[];
  /** Cells along each axis of `#axes`; the first one is never needed. */
  readonly #counts: readonly number[];

  /**
   * Layout version 4 numbers chunks by how far the dataset may grow, not by its present shape; an extensible array
   * has its unlimited axis moved to the front (`slowAxis`).
   */
  constructor(chunkShape: readonly number[], elementBytes: number, limits: readonly (number | null)[], slowAxis = 0) {
    this.chunkShape = chunkShape;
    this.chunkBytes = chunkShape.reduce((product, length) => product * length, elementBytes);
    const axes = chunkShape.map((_, axis) => axis);
    this.#axes = [slowAxis, ...axes.filter((axis) => axis !== slowAxis)];
    this.#counts = this.#axes.map((axis) => Math.ceil((limits[axis] ?? Number.POSITIVE_INFINITY) / chunkShape[axis]!));
  }

  /** Number of cells. */
  get chunkCount(): number {
    return this.#counts.reduce((product, count) => product * count, 1);
  }

  /** Index of the first element of cell `number`, for each axis. */
  startOf(number: number): number[] {
    const start = new Array<number>(this.chunkShape.length).fill(0);
    let rest = number;
    for (let place = this.#axes.length - 1; place >= 0; place--) {
      const axis = this.#axes[place]!;
      const count = this.#counts[place]!;
      const cell = place === 0 ? rest : rest % count;
      start[axis] = cell * this.chunkShape[axis]!;
      rest = Math.floor(rest / count);
    }
    return start;
  }
}
