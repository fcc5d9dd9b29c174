import type { ErrorCode } from '../../errors.ts';
import { INLINE_BYTES, INLINE_ELEMENTS, jsonBytes, jsonValues } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import { MiB } from '../../units.ts';
import type { Recorder } from '../recorder.ts';
import { keywordOf, tagKey } from './dictionary.ts';
import type { DicomSettings } from './options.ts';
import { isPixelData, type PixelTracker } from './pixel-tracker.ts';
import type { Scan } from './scan.ts';
import type { ScanState } from './scan-state.ts';
import type { ScanVisitor } from './scan-visitor.ts';
import { type DecodedValue, decodeValue, inlineBytes } from './value.ts';
import { type Vr, vrOf } from './vr.ts';

/** A longer Basic Offset Table is not held; frames are then told by the fragments. */
const TABLE_BYTES = MiB;
const SEEN_COUNT = 4096;
const DAMAGE = {
  'character set': ['ERR_TEXT', 'Some of this text means nothing in its character set'],
  number: ['ERR_MALFORMED', 'This is no number: it is kept as text'],
  length: ['ERR_MALFORMED', 'The value has bytes beyond its last whole element'],
} as const;

/** Turns what a scanner tells into records. */
export class RecordVisitor implements ScanVisitor {
  /** Set by the reader, which makes the visitor first. */
  scan: Scan | undefined;
  readonly #out: Recorder;
  readonly #settings: DicomSettings;
  readonly #pixels: PixelTracker | undefined;
  /** Path of the data set, by level, with its slash. */
  readonly #prefixes: string[] = [''];
  /** Tags seen in the data set, by level: see {@link RecordVisitor.#isRepeated}. */
  readonly #seen: number[][] = [[]];
  #openPixels:
    | { readonly path: string; readonly offset: number; readonly tag: number; readonly vr: number }
    | undefined;

  constructor(out: Recorder, settings: DicomSettings, pixels: PixelTracker | undefined) {
    this.#out = out;
    this.#settings = settings;
    this.#pixels = pixels;
  }

  selects(tag: number): boolean {
    return this.#isAsked(tag) || this.#pixels?.isFact(tag) === true;
  }

  #isAsked(tag: number): boolean {
    return this.#settings.tags === undefined || this.#settings.tags.has(tag);
  }

  wantsValue(tag: number, code: number, lengthBytes: number): boolean {
    const { deferBytes } = this.#settings;
    if (lengthBytes > deferBytes || isPixelData(tag)) return lengthBytes === 0;
    const vr = vrOf(code);
    if (vr.kind === 'bytes') return lengthBytes <= INLINE_BYTES;
    return vr.kind !== 'number' && vr.kind !== 'tag' ? true : lengthBytes <= inlineBytes(vr);
  }

  element(scan: ScanState): void {
    const { depth } = scan.stack;
    if (depth === 0) {
      this.#pixels?.element(scan);
      if (this.#pixels !== undefined && !this.#isAsked(scan.tag)) return;
    }
    const { tag } = scan;
    const vr = vrOf(scan.vr);
    const key = tagKey(tag);
    const path = this.#prefixes[depth]! + key;
    if (this.#isRepeated(scan, path)) return;
    const decoded = this.#decode(scan, vr);
    this.#field(path, key, tag, vr.name, decoded, scan);
    if (decoded?.damage !== undefined) {
      const [code, message] = DAMAGE[decoded.damage];
      this.#out.issue({ code, severity: 'warning', message, offset: this.#placeOf(scan.offset), path });
    }
    if (this.#out.isFull) scan.pause();
  }

  /**
   * A path names one field. Tags ascend (PS3.5 7.1), so that only one that does not can be there for a second time; it
   * becomes an issue. No more than the first {@link SEEN_COUNT} tags of a data set are known by heart.
   */
  #isRepeated(scan: ScanState, path: string): boolean {
    const { tag } = scan;
    const seen = this.#seen[scan.stack.depth]!;
    const highest = seen.length === 0 ? -1 : seen[seen.length - 1]!;
    if (tag > highest) {
      if (seen.length < SEEN_COUNT) seen.push(tag);
      else seen[seen.length - 1] = tag;
      return false;
    }
    if (!seen.includes(tag)) {
      if (seen.length < SEEN_COUNT) seen.splice(-1, 0, tag);
      return false;
    }
    const message = `Element ${tagKey(tag)} is there again: its first value stands`;
    this.#out.issue({ code: 'ERR_MALFORMED', severity: 'warning', message, offset: this.#placeOf(scan.offset), path });
    return true;
  }

  /** The values of an element; `undefined` where they are not read. */
  #decode(scan: ScanState, vr: Vr): DecodedValue | undefined {
    if (scan.valueAt < 0 || isPixelData(scan.tag)) return undefined;
    const { valueAt, lengthBytes } = scan;
    // an element that the scan itself needed is here even if it is longer than what records carry
    if (!this.wantsValue(scan.tag, scan.vr, lengthBytes)) return undefined;
    if (vr.kind === 'bytes') {
      const value = scan.bytes.subarray(valueAt, valueAt + lengthBytes);
      return { values: lengthBytes === 0 ? [] : [jsonBytes(value)], damage: undefined };
    }
    const decoded = decodeValue(scan.bytes, valueAt, lengthBytes, vr, scan.isLittle, scan.stack.characterSet);
    return decoded.values.length > INLINE_ELEMENTS ? undefined : decoded;
  }

  #field(path: string, key: string, tag: number, dtype: string, decoded: DecodedValue | undefined, scan: ScanState) {
    const value: Json = decoded === undefined ? null : jsonValues(decoded.values);
    const bulk = decoded === undefined ? true : undefined;
    const offset = this.scan?.deflatedOffset === undefined ? scan.offset : undefined;
    this.#out.field({ path, key, name: keywordOf(tag), dtype, value, offset, length: scan.lengthBytes, bulk });
  }

  /** For an issue: the byte of the file, which is where the compressed bytes begin if there are such. */
  #placeOf(offset: number): number {
    return this.scan?.deflatedOffset ?? offset;
  }

  openSequence(scan: ScanState): void {
    const key = tagKey(scan.tag);
    const isOpenEnded = scan.lengthBytes === 0xffffffff;
    this.#out.field({
      path: this.#prefixes[scan.stack.depth]! + key,
      key,
      name: keywordOf(scan.tag),
      dtype: 'SQ',
      value: scan.itemCount,
      offset: this.scan?.deflatedOffset === undefined ? scan.offset : undefined,
      length: isOpenEnded ? undefined : scan.lengthBytes,
    });
  }

  closeSequence(): void {}

  openItem(scan: ScanState): void {
    const { depth } = scan.stack;
    const path = `${this.#prefixes[depth - 1]}${tagKey(scan.tag)}[${scan.index}]`;
    this.#prefixes[depth + 1] = `${path}/`;
    const seen = this.#seen[depth + 1];
    if (seen === undefined) this.#seen[depth + 1] = [];
    else seen.length = 0;
    this.#out.object({
      path,
      class: 'item',
      offset: this.scan?.deflatedOffset === undefined ? scan.offset : undefined,
      length: scan.lengthBytes === 0xffffffff ? undefined : scan.lengthBytes,
    });
    if (this.#out.isFull) scan.pause();
  }

  closeItem(): void {}

  openFragments(scan: ScanState): void {
    const path = this.#prefixes[scan.stack.depth]! + tagKey(scan.tag);
    this.#openPixels = { path, offset: scan.offset, tag: scan.tag, vr: scan.vr };
    if (this.#hasSamples) this.#pixelField(undefined);
  }

  get #hasSamples(): boolean {
    return this.#settings.hasFragments || this.#settings.hasFrames;
  }

  wantsFragment(index: number, lengthBytes: number): boolean {
    return index === 0 && this.#pixels !== undefined && lengthBytes <= TABLE_BYTES;
  }

  fragment(scan: ScanState): void {
    if (scan.stack.depth === 1) this.#pixels?.fragment(scan);
    if (!this.#settings.hasFragments || scan.index === 0) return;
    const offset = this.scan?.deflatedOffset === undefined ? scan.offset : undefined;
    const { path } = this.#openPixels!;
    this.#out.sample({ path, index: scan.index - 1, offset, length: scan.lengthBytes, value: null });
    if (this.#out.isFull) scan.pause();
  }

  closeFragments(scan: ScanState): void {
    if (!this.#hasSamples) this.#pixelField(scan.lengthBytes);
    this.#openPixels = undefined;
    if (scan.stack.depth === 1) this.#pixels?.closeFragments(scan);
  }

  /** The file breaks: what is known of pixel data that are not at their end. */
  abandon(): void {
    if (this.#openPixels !== undefined && !this.#hasSamples) this.#pixelField(undefined);
  }

  #pixelField(length: number | undefined): void {
    const { path, tag, vr, offset } = this.#openPixels!;
    const place = this.scan?.deflatedOffset === undefined ? offset : undefined;
    const [key, name, dtype] = [tagKey(tag), keywordOf(tag), vrOf(vr).name];
    this.#out.field({ path, key, name, dtype, value: null, offset: place, length, bulk: true });
  }

  warn(_scan: ScanState, code: ErrorCode, message: string, offset: number): void {
    this.#out.issue({ code, severity: 'warning', message, offset: this.#placeOf(offset) });
  }
}
