import dicomParser, { type DataSet, type Element } from 'dicom-parser';
import { tagKey } from './dictionary.ts';
import { isPixelData } from './pixel-tracker.ts';
import { QuietVisitor } from './quiet-visitor.ts';
import { type ScanState, UNDEFINED_LENGTH } from './scan-state.ts';
import { vrOf } from './vr.ts';

type Parser = DataSet['byteArrayParser'];
const { littleEndianByteArrayParser: LITTLE, bigEndianByteArrayParser: BIG } = dicomParser;
// the constructor is exported, its type is not
const DataSetClass = (dicomParser as unknown as { DataSet: new (p: Parser, b: Uint8Array, e: object) => DataSet })
  .DataSet;

/** Builds the tree that dicom-parser's `parseDicom` would return. Offsets are those of the scan, plus `base()`. */
export class DataSetVisitor extends QuietVisitor {
  /** All data sets, the outermost first; their bytes are still to be set. */
  readonly dataSets: DataSet[];
  /** Bytes that the elements reach to. */
  endOffset = 0;
  /** The scanner has paused at pixel data that are not to be read. */
  isAtPixels = false;
  readonly #base: () => number;
  readonly #hasPixels: boolean;
  /** By level: the data set of the root and of items, the element of sequences. */
  readonly #levels: (DataSet | Element)[] = [];

  constructor(base: () => number, hasPixels: boolean) {
    super();
    this.#base = base;
    this.#hasPixels = hasPixels;
    this.dataSets = [newDataSet(LITTLE)];
    this.#levels[0] = this.dataSets[0]!;
  }

  override wantsFragment(index: number, lengthBytes: number): boolean {
    return index === 0 && lengthBytes <= 0x100000;
  }

  override element(scan: ScanState): void {
    const element = this.#add(scan);
    if (isPixelData(scan.tag) && !this.#hasPixels && scan.stack.depth === 0) this.#stop(scan);
    else this.endOffset = element.dataOffset + scan.lengthBytes;
  }

  #stop(scan: ScanState): void {
    this.endOffset = scan.offset + this.#base();
    this.isAtPixels = true;
    scan.pause();
  }

  #add(scan: ScanState): Element {
    const element: Element = {
      tag: `x${tagKey(scan.tag).toLowerCase()}`,
      vr: vrOf(scan.vr).name,
      length: scan.lengthBytes,
      dataOffset: scan.offset + this.#base(),
    };
    const dataSet = this.#levels[scan.stack.depth] as DataSet;
    const parser = scan.isLittle ? LITTLE : BIG;
    if (scan.tag >>> 16 === 2) element.parser = parser;
    else if (dataSet.byteArrayParser !== parser && scan.stack.depth === 0) dataSet.byteArrayParser = parser;
    if (scan.lengthBytes === UNDEFINED_LENGTH) element.hadUndefinedLength = true;
    Object.defineProperty(dataSet.elements, element.tag, { value: element, enumerable: true, configurable: true });
    return element;
  }

  override openSequence(scan: ScanState): boolean {
    const element = this.#add(scan);
    element.items = [];
    this.#levels[scan.stack.depth + 1] = element;
    return true;
  }

  override closeSequence(scan: ScanState): void {
    const element = this.#levels[scan.stack.depth] as Element;
    this.endOffset = scan.nextOffset + this.#base();
    // dicom-parser's sequences do not include their delimiter; its items do
    element.length = this.endOffset - (element.hadUndefinedLength ? 8 : 0) - element.dataOffset;
  }

  override openItem(scan: ScanState): void {
    const { depth, isLittle } = scan.stack;
    const dataSet = newDataSet(isLittle ? LITTLE : BIG);
    this.dataSets.push(dataSet);
    this.#levels[depth + 1] = dataSet;
    const dataOffset = scan.offset + this.#base();
    const item: Element = { tag: 'xfffee000', length: scan.lengthBytes, dataOffset, dataSet };
    if (scan.lengthBytes === UNDEFINED_LENGTH) item.hadUndefinedLength = true;
    (this.#levels[depth] as Element).items!.push(item);
  }

  override closeItem(scan: ScanState): void {
    const item = (this.#levels[scan.stack.depth - 1] as Element).items!.at(-1)!;
    item.length = scan.nextOffset + this.#base() - item.dataOffset;
  }

  override openFragments(scan: ScanState): boolean {
    const element = this.#add(scan);
    element.encapsulatedPixelData = isPixelData(scan.tag);
    element.basicOffsetTable = [];
    element.fragments = [];
    this.#levels[scan.stack.depth + 1] = element;
    if (!this.#hasPixels && scan.stack.depth === 0) this.#stop(scan);
    return true;
  }

  override fragment(scan: ScanState): void {
    const element = this.#levels[scan.stack.depth] as Element;
    const position = scan.offset + this.#base();
    if (scan.index > 0) {
      const first = element.fragments![0]?.position ?? position;
      element.fragments!.push({ offset: position - first, position, length: scan.lengthBytes });
    } else {
      for (let at = 0; scan.valueAt >= 0 && at + 4 <= scan.lengthBytes; at += 4) {
        element.basicOffsetTable!.push(scan.bytes.readUInt32LE(scan.valueAt + at));
      }
    }
  }

  override closeFragments(scan: ScanState): void {
    const element = this.#levels[scan.stack.depth] as Element;
    element.length = scan.nextOffset + this.#base() - element.dataOffset;
    this.endOffset = scan.nextOffset + this.#base();
  }
}

function newDataSet(parser: Parser): DataSet {
  return new DataSetClass(parser, new Uint8Array(0), {});
}
