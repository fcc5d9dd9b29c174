import { jsonNumber } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import { type NumberArray, Statistics } from '../hdf5/statistics.ts';
import type { Recorder } from '../recorder.ts';
import type { CfDecoder } from './cf-decoder.ts';

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
  addNumbers(place: SlabPlace, raw: NumberArray): void {
    const cf = this.#cf;
    const numbers = cf?.decode(raw) ?? raw;
    const value: Record<string, Json> = { start: place.start, shape: place.shape };
    this.#addStatistics(value, Statistics.of(numbers));
    if (this.#hasValues) value.values = valuesOf(numbers, cf?.showValue ?? jsonNumber);
    this.#add(place, value);
  }

  /** Adds a slab of text: rows of characters along the last axis become strings. */
  addText(place: SlabPlace, bytes: Buffer): void {
    const value: Record<string, Json> = { start: place.start, shape: place.shape };
    if (this.#hasValues) value.values = textRows(bytes, place.shape.at(-1) ?? 1);
    this.#add(place, value);
  }

  /** Adds numbers that were never written: all are the fill value. */
  addUnwritten(count: number, fill: number | bigint): void {
    const value: Record<string, Json> = { unwritten: count, fill: jsonNumber(fill) };
    this.#addStatistics(value, Statistics.ofSame(this.#cf?.decodeOne(fill) ?? fill, count));
    this.#out.sample({ path: this.#path, index: this.#index++, value });
  }

  #addStatistics(value: Record<string, Json>, own: Statistics): void {
    this.#running.merge(own);
    Object.assign(value, this.#shown(own), { running: this.#shown(this.#running) });
  }

  /** Times are shown as such, their spread is a number. */
  #shown(statistics: Statistics): { readonly [key: string]: Json } {
    const json = statistics.toJson();
    if (this.#cf === undefined || statistics.count === 0) return json;
    const { show } = this.#cf;
    const { min, max, mean } = statistics;
    return { ...json, min: show(Number(min)), max: show(Number(max)), mean: show(mean) };
  }

  #add({ offset, length }: SlabPlace, value: Json): void {
    this.#out.sample({ path: this.#path, index: this.#index++, offset, length, value });
  }
}

function valuesOf(numbers: NumberArray, show: (value: number) => Json): Json[] {
  const values = new Array<Json>(numbers.length);
  for (let index = 0; index < numbers.length; index++) values[index] = show(numbers[index]! as number);
  return values;
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
