import { INLINE_ELEMENTS, jsonNumber } from '../../../json-value.ts';
import type { Json } from '../../../records.ts';
import type { Recorder } from '../../recorder.ts';
import { measureValues } from '../data/measure-values.ts';
import { Moments } from '../data/moments.ts';
import { momentsJson } from '../data/moments-json.ts';
import { physical, type Scaling } from '../data/scaling.ts';
import type { Hdu } from '../hdu.ts';
import type { Tile } from './tiles.ts';

/** Makes the samples of a compressed image: one for as many tiles as have the pixels of a slab. */
export class TileSampler {
  readonly #hdu: Hdu;
  readonly #out: Recorder;
  readonly #scaling: Scaling;
  readonly #slabPixels: number;
  readonly #withValues: boolean;
  readonly #running = new Moments();
  #slab = new Moments();
  #index = 0;
  #firstTile = 0;
  #tileCount = 0;
  #pixelCount = 0;
  #values: Json[] = [];

  constructor(hdu: Hdu, scaling: Scaling, slabPixels: number, withValues: boolean, out: Recorder) {
    this.#hdu = hdu;
    this.#out = out;
    this.#scaling = scaling;
    this.#slabPixels = slabPixels;
    this.#withValues = withValues;
  }

  add({ values }: Tile): void {
    if (this.#pixelCount > 0 && this.#pixelCount + values.length > this.#slabPixels) this.finish();
    this.#slab.merge(measureValues(values, undefined, this.#scaling.blank));
    if (this.#withValues) this.#keep(values);
    this.#tileCount++;
    this.#pixelCount += values.length;
  }

  /** Ends the sample that is not full. */
  finish(): void {
    if (this.#tileCount === 0) return;
    this.#running.merge(this.#slab);
    const value: Record<string, Json> = {
      tile: this.#firstTile,
      tiles: this.#tileCount,
      pixels: this.#pixelCount,
      ...momentsJson(this.#slab, this.#scaling),
      running: momentsJson(this.#running, this.#scaling),
    };
    if (this.#withValues) value.values = this.#pixelCount > INLINE_ELEMENTS ? null : this.#values;
    this.#out.sample({ path: this.#hdu.path, index: this.#index++, value });
    this.#firstTile += this.#tileCount;
    this.#tileCount = 0;
    this.#pixelCount = 0;
    this.#slab = new Moments();
    this.#values = [];
  }

  #keep(values: Tile['values']): void {
    if (this.#pixelCount + values.length > INLINE_ELEMENTS) return;
    const { blank } = this.#scaling;
    for (const value of values) {
      const isBlank = blank !== undefined && (typeof value === 'bigint' ? value : BigInt(value)) === blank;
      this.#values.push(isBlank ? null : jsonNumber(physical(value, this.#scaling)));
    }
  }
}
