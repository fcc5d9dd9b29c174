import { isPromise } from '../../../bytes/input.ts';
import { asTidegateError } from '../../../errors.ts';
import type { Recorder } from '../../recorder.ts';
import type { Hdu } from '../hdu.ts';
import type { Header } from '../header/header.ts';
import { type Kernel, newKernel, ROWS_AT, ROWS_BYTES } from '../kernel/kernel.ts';
import type { FitsLimits, FitsOptions } from '../options.ts';
import { tableBatches } from '../rows/batches.ts';
import { rowSample } from '../rows/row-sampler.ts';
import { describeTable } from '../rows/table.ts';
import { TileSampler } from '../tiles/tile-sampler.ts';
import { imageTiles } from '../tiles/tiles.ts';
import { describeTiling } from '../tiles/tiling.ts';
import { reusedArrays } from '../tiles/workspace.ts';
import type { Window } from '../window.ts';
import { DataAccess } from './access.ts';
import { addSums, Checksum } from './checksum.ts';
import { checksumRecords, hasChecksum } from './checksum-records.ts';
import { ImageSampler } from './image-sampler.ts';
import { imageScaling } from './scaling.ts';
import { isSelected, slabPixelCount } from './slabs.ts';

/** What concerns one HDU only: its neighbours can still be read. */
const LOCAL_ERRORS = new Set(['ERR_MALFORMED', 'ERR_UNSUPPORTED', 'ERR_INFLATE', 'ERR_LIMIT', 'ERR_NOT_SEEKABLE']);

/** Reads the data units that the options ask for. */
export class DataReader {
  readonly #window: Window;
  readonly #out: Recorder;
  readonly #options: FitsOptions;
  readonly #limits: FitsLimits;
  #kernel: Kernel | undefined;

  constructor(window: Window, out: Recorder, options: FitsOptions, limits: FitsLimits) {
    this.#window = window;
    this.#out = out;
    this.#options = options;
    this.#limits = limits;
  }

  /** The samples of one HDU, then the verdicts on its checksums. */
  async *read(hdu: Hdu, header: Header): AsyncGenerator<void, void, void> {
    const { pixels, rows, checksum } = this.#options;
    const isSummed = isSelected(checksum, hdu.index) && hasChecksum(hdu);
    const headerSum = isSummed ? this.#headerSum(header) : 0;
    const dataSum = isSummed ? new Checksum(this.#useKernel()) : undefined;
    const access = new DataAccess(this.#window, hdu, this.#limits, dataSum);
    try {
      if (isSelected(pixels, hdu.index)) {
        if (hdu.kind === 'image') yield* this.#image(hdu, access);
        else yield* this.#tiles(hdu, access);
      }
      // The rows of a compressed image are its tiles, not rows of values
      if (isSelected(rows, hdu.index) && !hdu.keywords.isTrue('ZIMAGE')) yield* this.#rows(hdu, access);
    } catch (error) {
      this.#report(error, hdu);
    }
    if (dataSum === undefined || !(await access.sumRest())) return;
    const sum = dataSum.value();
    checksumRecords(hdu, sum, addSums(headerSum, sum), this.#out);
  }

  async *#image(hdu: Hdu, access: DataAccess): AsyncGenerator<void, void, void> {
    const { pixels } = this.#options;
    const sampler = new ImageSampler(hdu, typeof pixels === 'object' ? pixels : {}, this.#useKernel(), this.#out);
    for (let at = 0; at < hdu.dataBytes; ) {
      const some = access.some(at, hdu.dataBytes - at);
      const bytes = isPromise(some) ? await some : some;
      sampler.add(bytes);
      at += bytes.length;
      if (this.#out.isFull) yield;
    }
    sampler.finish();
  }

  async *#tiles(hdu: Hdu, access: DataAccess): AsyncGenerator<void, void, void> {
    const tiling = describeTiling(hdu);
    if (tiling === undefined) return;
    const { pixels } = this.#options;
    const options = typeof pixels === 'object' ? pixels : {};
    const slabPixels = slabPixelCount(tiling.axes, tiling.bitpix, options);
    const sampler = new TileSampler(
      hdu,
      imageScaling(hdu, tiling.bitpix),
      slabPixels,
      options.values ?? false,
      this.#out,
    );
    for await (const tile of imageTiles(access, hdu, tiling, this.#limits.maxInflateRatio, reusedArrays())) {
      sampler.add(tile);
      if (this.#out.isFull) yield;
    }
    sampler.finish();
  }

  async *#rows(hdu: Hdu, access: DataAccess): AsyncGenerator<void, void, void> {
    const { rows } = this.#options;
    const options = typeof rows === 'object' ? rows : {};
    const table = describeTable(hdu);
    if (table === undefined) return;
    let index = 0;
    const kernel = this.#useKernel();
    const scratch = Buffer.from(kernel.memory.buffer, ROWS_AT, ROWS_BYTES);
    for await (const batch of tableBatches(access, table, options, this.#limits.maxInflateRatio, scratch)) {
      rowSample(batch, index++, table, options.values ?? false, kernel, this.#out);
      if (this.#out.isFull) yield;
    }
  }

  #headerSum(header: Header): number {
    const checksum = new Checksum(this.#useKernel());
    for (const piece of header.pieces) checksum.add(piece);
    return checksum.value();
  }

  #useKernel(): Kernel {
    this.#kernel ??= newKernel();
    return this.#kernel;
  }

  #report(thrown: unknown, hdu: Hdu): void {
    const error = asTidegateError(thrown, 'ERR_INTERNAL');
    const isOfFile = error.facts.limit === 'maxRecords' || error.facts.limit === 'maxObjects';
    if (isOfFile || !LOCAL_ERRORS.has(error.code)) throw error;
    const { code, message, offset } = error;
    this.#out.issue({ code, severity: 'error', message, offset: offset ?? hdu.dataOffset, path: hdu.path });
  }
}
