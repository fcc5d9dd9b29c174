import { isPromise } from '../../../bytes/input.ts';
import { positiveInteger } from '../../../options.ts';
import { KiB } from '../../../units.ts';
import type { Recorder } from '../../recorder.ts';
import type { Hdu } from '../hdu.ts';
import type { Header } from '../header/header.ts';
import { type Kernel, newKernel } from '../kernel/kernel.ts';
import type { FitsOptions } from '../options.ts';
import type { Window } from '../window.ts';
import { addSums, Checksum } from './checksum.ts';
import { checksumRecords, hasChecksum } from './checksum-records.ts';
import { ImageSampler } from './image-sampler.ts';
import { isSelected } from './slabs.ts';

/** Takes the bytes of a data unit in order. */
interface Consumer {
  add(bytes: Buffer): void;
  finish(): void;
}

/** Reads the data units that the options ask for: each byte once, for all that want it. */
export class DataReader {
  readonly #window: Window;
  readonly #out: Recorder;
  readonly #options: FitsOptions;
  readonly #chunkBytes: number;
  #kernel: Kernel | undefined;

  constructor(window: Window, out: Recorder, options: FitsOptions) {
    this.#window = window;
    this.#out = out;
    this.#options = options;
    this.#chunkBytes = positiveInteger('chunkBytes', options.chunkBytes ?? 256 * KiB);
  }

  async *read(hdu: Hdu, header: Header): AsyncGenerator<void, void, void> {
    const isSummed = isSelected(this.#options.checksum, hdu.index) && hasChecksum(hdu);
    const headerSum = isSummed ? this.#headerSum(header) : 0;
    const consumer = this.#consumer(hdu);
    const checksum = isSummed ? new Checksum((this.#kernel ??= newKernel())) : undefined;
    if (consumer !== undefined || isSummed) yield* this.#inOrder(hdu, consumer, checksum);
    if (checksum !== undefined) {
      const dataSum = checksum.value();
      checksumRecords(hdu, dataSum, addSums(headerSum, dataSum), this.#out);
    }
  }

  #headerSum(header: Header): number {
    const checksum = new Checksum((this.#kernel ??= newKernel()));
    for (const piece of header.pieces) checksum.add(piece);
    return checksum.value();
  }

  #consumer(hdu: Hdu): Consumer | undefined {
    const { pixels } = this.#options;
    if (hdu.kind === 'image' && hdu.dataBytes > 0 && isSelected(pixels, hdu.index)) {
      return new ImageSampler(hdu, typeof pixels === 'object' ? pixels : {}, (this.#kernel ??= newKernel()), this.#out);
    }
    return undefined;
  }

  /** The data go to the consumer, data and padding to the checksum; both end where the input does. */
  async *#inOrder(
    hdu: Hdu,
    consumer: Consumer | undefined,
    checksum: Checksum | undefined,
  ): AsyncGenerator<void, void, void> {
    const dataEnd = hdu.dataOffset + hdu.dataBytes;
    const end = checksum === undefined ? dataEnd : hdu.endOffset;
    for (let at = hdu.dataOffset; at < end; ) {
      const some = this.#window.some(at, Math.min(this.#chunkBytes, end - at));
      const bytes = isPromise(some) ? await some : some;
      if (bytes.length === 0) break;
      if (at < dataEnd) consumer?.add(bytes.subarray(0, dataEnd - at));
      checksum?.add(bytes);
      at += bytes.length;
      if (this.#out.isFull) yield;
    }
    consumer?.finish();
  }
}
