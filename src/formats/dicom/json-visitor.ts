import type { Json } from '../../records.ts';
import { tagKey } from './dictionary.ts';
import { swap } from './frame-statistics.ts';
import { isPixelData } from './pixel-tracker.ts';
import { QuietVisitor } from './quiet-visitor.ts';
import { type ScanState, UNDEFINED_LENGTH } from './scan-state.ts';
import { decodeValue } from './value.ts';
import { type Vr, vrOf } from './vr.ts';

/** What the model says of a value that is not in it. */
export interface BulkValue {
  /** Tag path: `00400555[0]/0040A30A`. */
  readonly path: string;
  /** Bytes in the file; `undefined` inside a compressed data set. */
  readonly offset: number | undefined;
  /** `undefined` where a delimiter ends the value. */
  readonly lengthBytes: number | undefined;
}

/** How a {@link JsonVisitor} writes. */
export interface JsonSettings {
  readonly hasMeta: boolean;
  readonly inlineBytes: number;
  readonly bulkDataUri: (value: BulkValue) => string | undefined;
}

const SPECIFIC_CHARACTER_SET = 0x00080005;

/** Writes the DICOM JSON model (PS3.18 F) as text, a piece at a time; knows of the open items only. */
export class JsonVisitor extends QuietVisitor {
  /** Is the data set compressed, so that offsets are none of the file's? */
  isInflated: () => boolean = () => false;
  readonly #settings: JsonSettings;
  readonly #pauseChars: number;
  #text = '{';
  /** By level: something was written already, so that a comma comes first. */
  readonly #hasMember: boolean[] = [false];
  readonly #paths: string[] = [''];

  constructor(settings: JsonSettings, pauseChars: number) {
    super();
    this.#settings = settings;
    this.#pauseChars = pauseChars;
  }

  /** The text since the last call. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  /** Closes what is open: the last piece of text. */
  end(): string {
    this.#text += '}';
    return this.take();
  }

  override selects(tag: number): boolean {
    // F.2.2: group lengths are not in the model; the file meta group belongs to the file
    return (tag & 0xffff) !== 0 && (tag >>> 16 !== 2 || this.#settings.hasMeta);
  }

  override wantsValue(tag: number, code: number, lengthBytes: number): boolean {
    return !isPixelData(tag) && (vrOf(code).kind !== 'bytes' || lengthBytes <= this.#settings.inlineBytes)
      ? lengthBytes <= Math.max(this.#settings.inlineBytes, 0x10000)
      : false;
  }

  override element(scan: ScanState): void {
    if ((scan.tag & 0xffff) === 0) return;
    const vr = vrOf(scan.vr);
    this.#open(scan, vr.name);
    if (scan.valueAt < 0) this.#bulk(scan, scan.lengthBytes);
    else if (vr.kind === 'bytes') this.#inline(scan, vr);
    else this.#values(scan, vr);
    this.#text += '}';
    if (this.#text.length > this.#pauseChars) scan.pause();
  }

  #open(scan: ScanState, vr: string): void {
    const { depth } = scan.stack;
    const comma = this.#hasMember[depth] ? ',' : '';
    this.#hasMember[depth] = true;
    this.#text += `${comma}"${tagKey(scan.tag)}":{"vr":"${vr}"`;
  }

  #values(scan: ScanState, vr: Vr): void {
    const { bytes, valueAt, lengthBytes, isLittle, stack } = scan;
    const { values } = decodeValue(bytes, valueAt, lengthBytes, vr, isLittle, stack.characterSet);
    if (values.length === 0) return;
    // F.2: the model is UTF-8, whatever the file was
    const written = scan.tag === SPECIFIC_CHARACTER_SET ? ['ISO_IR 192'] : values.map((value) => jsonOf(value, vr));
    this.#text += `,"Value":${JSON.stringify(written)}`;
  }

  #inline(scan: ScanState, vr: Vr): void {
    if (scan.lengthBytes === 0) return;
    let value = scan.bytes.subarray(scan.valueAt, scan.valueAt + scan.lengthBytes);
    // F.2.7: little endian, whatever the file was
    if (!scan.isLittle && value.length % vr.unitBytes === 0) value = swap(Buffer.from(value), vr.unitBytes);
    this.#text += `,"InlineBinary":"${value.toString('base64')}"`;
  }

  #bulk(scan: ScanState, lengthBytes: number | undefined): void {
    const path = this.#paths[scan.stack.depth]! + tagKey(scan.tag);
    const uri = this.#settings.bulkDataUri({ path, offset: this.isInflated() ? undefined : scan.offset, lengthBytes });
    if (uri !== undefined) this.#text += `,"BulkDataURI":${JSON.stringify(uri)}`;
  }

  override openSequence(scan: ScanState): boolean {
    this.#open(scan, 'SQ');
    if (scan.lengthBytes !== 0) this.#text += ',"Value":[';
    this.#hasMember[scan.stack.depth + 1] = false;
    this.#hasItems[scan.stack.depth + 1] = scan.lengthBytes !== 0;
    return true;
  }
  readonly #hasItems: boolean[] = [];

  override closeSequence(scan: ScanState): void {
    this.#text += this.#hasItems[scan.stack.depth] ? ']}' : '}';
  }

  override openItem(scan: ScanState): void {
    const { depth } = scan.stack;
    this.#text += this.#hasMember[depth] ? ',{' : '{';
    this.#hasMember[depth] = true;
    this.#hasMember[depth + 1] = false;
    this.#paths[depth + 1] = `${this.#paths[depth - 1]}${tagKey(scan.tag)}[${scan.index}]/`;
    if (this.#text.length > this.#pauseChars) scan.pause();
  }

  override closeItem(): void {
    this.#text += '}';
  }

  override openFragments(scan: ScanState): boolean {
    this.#open(scan, vrOf(scan.vr).name);
    this.#bulk(scan, scan.lengthBytes === UNDEFINED_LENGTH ? undefined : scan.lengthBytes);
    this.#text += '}';
    return true;
  }
}

/** F.2.2 to F.2.5: names by their groups, empty values as null, everything else as it is. */
function jsonOf(value: Json, vr: Vr): Json {
  if (vr.kind !== 'name' || typeof value !== 'string') return value === '' ? null : value;
  if (value === '') return null;
  const [alphabetic = '', ideographic = '', phonetic = ''] = value.split('=');
  const name: Record<string, string> = {};
  if (alphabetic !== '') name.Alphabetic = alphabetic;
  if (ideographic !== '') name.Ideographic = ideographic;
  if (phonetic !== '') name.Phonetic = phonetic;
  return name;
}
