import { jsonNumber } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import type { Recorder } from '../recorder.ts';
import type { CfDecoder } from './cf-decoder.ts';
import type { DecodedNumbers } from './decode-numbers.ts';
import { Statistics } from './statistics.ts';

/** Where a slab lies: in its variable and, if its bytes stand together there, in the file. */
export interface SlabPlace {
  readonly start: readonly number[];
  readonly shape: readonly number[];
  readonly offset?: number | undefined;
  readonly length?: number | undefined;
}

/** Turns the slabs of one variable into samples. */
export class SlabSamples {
  readonly #out: Recorder;
  readonly #path: string;
  readonly #hasValues: boolean;
  readonly #cf: CfDecoder | undefined;
  readonly #running = new Statistics();
  #index = 0;

  constructor(out: Recorder, path: string, hasValues: boolean, cf: CfDecoder | undefined) {
    this.#out = out;
    this.#path = path;
    this.#hasValues = hasValues;
    this.#cf = cf;
  }

  /** Adds a slab of numbers. */
  addNumbers(place: SlabPlace, decoded: DecodedNumbers): void {
    const cf = this.#cf;
    const numbers = cf === undefined ? decoded.numbers : cf.decode(decoded.numbers);
    const found = Statistics.of(numbers);
    this.#running.merge(found);
    const show = cf?.show ?? jsonNumber;
    const value: Record<string, Json> = {
      start: place.start,
      shape: place.shape,
      statistics: found.toJson(show),
      running: this.#running.toJson(show),
    };
    if (this.#hasValues) {
      const exact = cf === undefined ? decoded.exact : undefined;
      value.values = exact !== undefined ? Array.from(exact, jsonNumber) : Array.from(numbers, cf?.showValue ?? show);
    }
    this.#add(place, value);
  }

  /** Adds a slab of text: rows of characters along the last axis become strings. */
  addText(place: SlabPlace, bytes: Buffer): void {
    const value: Record<string, Json> = { start: place.start, shape: place.shape };
    if (this.#hasValues) value.values = textRows(bytes, place.shape.at(-1) ?? 1);
    this.#add(place, value);
  }

  #add({ offset, length }: SlabPlace, value: Json): void {
    this.#out.sample({ path: this.#path, index: this.#index++, offset, length, value });
  }
}

function textRows(bytes: Buffer, rowBytes: number): string[] {
  const rows: string[] = [];
  for (let at = 0; at < bytes.length; at += rowBytes) {
    let end = at + rowBytes;
    while (end > at && bytes[end - 1] === 0) end--;
    rows.push(bytes.toString('utf8', at, end));
  }
  return rows;
}
