import type { ErrorCode } from '../../errors.ts';
import { INLINE_BYTES, INLINE_ELEMENTS, jsonBytes, jsonValues } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import { MiB } from '../../units.ts';
import type { Recorder } from '../recorder.ts';
import { keywordOf, tagKey } from './dictionary.ts';
import type { DicomSettings } from './options.ts';
import { isPixelData, type PixelTracker } from './pixel-tracker.ts';
import type { Scan } from './scan.ts';
import { type ScanState, UNDEFINED_LENGTH } from './scan-state.ts';
import type { ScanVisitor } from './scan-visitor.ts';
import { SeenTags } from './seen-tags.ts';
import { type DecodedValue, decodeValue, inlineBytes } from './value.ts';
import { type Vr, vrOf } from './vr.ts';

/** A longer Basic Offset Table is not held; frames are then told by the fragments. */
const TABLE_BYTES = MiB;
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
  readonly #seen = new SeenTags();
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
      this.#warn(code, message, scan.offset, path);
    }
    if (this.#out.isFull) scan.pause();
  }

  /** An element that is there for a second time becomes an issue. */
  #isRepeated(scan: ScanState, path: string): boolean {
    if (!this.#seen.isRepeated(scan.stack.depth, scan.tag)) return false;
    const message = `Element ${tagKey(scan.tag)} is there again: its first value stands`;
    this.#warn('ERR_MALFORMED', message, scan.offset, path);
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
    const offset = this.#inFile(scan.offset);
    this.#out.field({ path, key, name: keywordOf(tag), dtype, value, offset, length: scan.lengthBytes, bulk });
  }

  /** Offsets are those of the file: a compressed data set has none. */
  #inFile(offset: number): number | undefined {
    return this.scan?.deflatedOffset === undefined ? offset : undefined;
  }

  #warn(code: ErrorCode, message: string, offset: number, path?: string): void {
    // in a compressed data set: where its bytes begin
    this.#out.issue({ code, severity: 'warning', message, offset: this.scan?.deflatedOffset ?? offset, path });
  }

  openSequence(scan: ScanState): boolean {
    const key = tagKey(scan.tag);
    const path = this.#prefixes[scan.stack.depth]! + key;
    if (this.#isRepeated(scan, path)) return false;
    const [offset, length] = [this.#inFile(scan.offset), definedLength(scan)];
    this.#out.field({ path, key, name: keywordOf(scan.tag), dtype: 'SQ', value: scan.itemCount, offset, length });
    return true;
  }

  closeSequence(): void {}

  openItem(scan: ScanState): void {
    const { depth } = scan.stack;
    const path = `${this.#prefixes[depth - 1]}${tagKey(scan.tag)}[${scan.index}]`;
    this.#prefixes[depth + 1] = `${path}/`;
    this.#seen.open(depth + 1);
    this.#out.object({ path, class: 'item', offset: this.#inFile(scan.offset), length: definedLength(scan) });
    if (this.#out.isFull) scan.pause();
  }

  closeItem(): void {}

  openFragments(scan: ScanState): boolean {
    const path = this.#prefixes[scan.stack.depth]! + tagKey(scan.tag);
    if (this.#isRepeated(scan, path)) return false;
    this.#openPixels = { path, offset: scan.offset, tag: scan.tag, vr: scan.vr };
    if (this.#hasSamples) this.#pixelField(undefined);
    return true;
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
    const { path } = this.#openPixels!;
    const [offset, length] = [this.#inFile(scan.offset), scan.lengthBytes];
    this.#out.sample({ path, index: scan.index - 1, offset, length, value: null });
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
    const { path, tag, vr } = this.#openPixels!;
    const [key, name, dtype, offset] = [
      tagKey(tag),
      keywordOf(tag),
      vrOf(vr).name,
      this.#inFile(this.#openPixels!.offset),
    ];
    this.#out.field({ path, key, name, dtype, value: null, offset, length, bulk: true });
  }

  warn(_scan: ScanState, code: ErrorCode, message: string, offset: number): void {
    this.#warn(code, message, offset);
  }
}

function definedLength(scan: ScanState): number | undefined {
  return scan.lengthBytes === UNDEFINED_LENGTH ? undefined : scan.lengthBytes;
}
