import { jsonNumber } from '../../../json-value.ts';
import type { Json } from '../../../records.ts';
import type { Recorder } from '../../recorder.ts';
import type { Hdu } from '../hdu.ts';
import { type Kernel, PIXELS_AT, RUN_BYTES } from '../kernel/kernel.ts';
import type { PixelOptions } from '../options.ts';
import { measureRun, storedValue } from './measure.ts';
import { Moments } from './moments.ts';
import { momentsJson } from './moments-json.ts';
import { imageScaling, physical, type Scaling } from './scaling.ts';
import { slabPixelCount } from './slabs.ts';

/** Makes the samples of an image out of its bytes as they come: one for each slab. */
export class ImageSampler {
  readonly #hdu: Hdu;
  readonly #out: Recorder;
  readonly #kernel: Kernel;
  readonly #scaling: Scaling;
  readonly #memory: Uint8Array;
  readonly #width: number;
  readonly #slabBytes: number;
  readonly #withValues: boolean;
  readonly #running = new Moments();
  #slab = new Moments();
  #index = 0;
  #slabFilledBytes = 0;
  #runFilledBytes = 0;
  #values: Json[] = [];

  constructor(hdu: Hdu, options: PixelOptions, kernel: Kernel, out: Recorder) {
    this.#hdu = hdu;
    this.#out = out;
    this.#kernel = kernel;
    this.#scaling = imageScaling(hdu, hdu.bitpix);
    this.#memory = new Uint8Array(kernel.memory.buffer, PIXELS_AT, RUN_BYTES);
    this.#width = Math.abs(hdu.bitpix) / 8;
    this.#slabBytes = slabPixelCount(hdu.axes, hdu.bitpix, options) * this.#width;
    this.#withValues = options.values ?? false;
  }

  /** Takes the next bytes. Runs begin with each slab, so that no result depends on how the bytes were read. */
  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const room = Math.min(RUN_BYTES - this.#runFilledBytes, this.#slabBytes - this.#slabFilledBytes);
      const piece = bytes.subarray(at, at + room);
      this.#memory.set(piece, this.#runFilledBytes);
      this.#runFilledBytes += piece.length;
      this.#slabFilledBytes += piece.length;
      at += piece.length;
      if (this.#slabFilledBytes === this.#slabBytes) this.finish();
      else if (this.#runFilledBytes === RUN_BYTES) this.#run();
    }
  }

  /** Ends the slab that is not full: the last one of the image. */
  finish(): void {
    if (this.#slabFilledBytes === 0) return;
    this.#run();
    this.#running.merge(this.#slab);
    const pixel = (this.#index * this.#slabBytes) / this.#width;
    const value: Record<string, Json> = {
      pixel,
      pixels: this.#slabFilledBytes / this.#width,
      ...momentsJson(this.#slab, this.#scaling),
      running: momentsJson(this.#running, this.#scaling),
    };
    if (this.#withValues) value.values = this.#values;
    const offset = this.#hdu.dataOffset + this.#index * this.#slabBytes;
    this.#out.sample({ path: this.#hdu.path, index: this.#index++, offset, length: this.#slabFilledBytes, value });
    this.#slab = new Moments();
    this.#slabFilledBytes = 0;
    this.#values = [];
  }

  #run(): void {
    const { blank } = this.#scaling;
    const before = this.#slab.validCount > 0 ? this.#slab : this.#running;
    const pivot = before.validCount > 0 ? before.mean : undefined;
    if (this.#withValues) this.#keepValues();
    this.#slab.merge(measureRun(this.#kernel, this.#hdu.bitpix, this.#runFilledBytes, blank, pivot));
    this.#runFilledBytes = 0;
  }

  #keepValues(): void {
    const view = new DataView(this.#kernel.memory.buffer, PIXELS_AT, this.#runFilledBytes);
    const { bitpix } = this.#hdu;
    const { blank } = this.#scaling;
    for (let at = 0; at < this.#runFilledBytes; at += this.#width) {
      const value = storedValue(view, at, bitpix);
      const isBlank = blank !== undefined && BigInt(value) === blank;
      this.#values.push(isBlank ? null : jsonNumber(physical(value, this.#scaling)));
    }
  }
}
