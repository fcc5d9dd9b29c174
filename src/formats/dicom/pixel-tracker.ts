import type { ScanState } from './scan-state.ts';

/** Pixel Data and its relatives for floating-point pixels (PS3.3 C.7.6.24, C.7.6.25). */
export const PIXEL_DATA = 0x7fe00010;
const FLOAT_PIXEL_DATA = 0x7fe00008;
const DOUBLE_FLOAT_PIXEL_DATA = 0x7fe00009;
const EXTENDED_OFFSET_TABLE = 0x7fe00001;
const [SAMPLES_PER_PIXEL, NUMBER_OF_FRAMES, ROWS, COLUMNS] = [0x00280002, 0x00280008, 0x00280010, 0x00280011];
const [BITS_ALLOCATED, PIXEL_REPRESENTATION] = [0x00280100, 0x00280103];
const FACT_TAGS = new Set([
  SAMPLES_PER_PIXEL,
  NUMBER_OF_FRAMES,
  ROWS,
  COLUMNS,
  BITS_ALLOCATED,
  PIXEL_REPRESENTATION,
  EXTENDED_OFFSET_TABLE,
]);

/** The values of native pixel data. */
export type PixelKind = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32' | 'float64' | 'bits';

/** Is this an element whose value is pixels? */
export function isPixelData(tag: number): boolean {
  return tag === PIXEL_DATA || tag === FLOAT_PIXEL_DATA || tag === DOUBLE_FLOAT_PIXEL_DATA;
}

/** Native pixel data, one fragment of encapsulated ones, or their end: where the scanner has paused. */
export interface PendingPixels {
  readonly kind: 'native' | 'fragment' | 'end';
  readonly tag: number;
  readonly offset: number;
  readonly lengthBytes: number;
  readonly isLittle: boolean;
  /** Number of the fragment, the offset table not counted. */
  readonly fragmentIndex: number;
}

/** Gathers, while a data set is scanned, what is needed to cut its pixel data into frames (PS3.5 8, A.4). */
export class PixelTracker {
  /** Where the scanner has paused; whoever answers resets it. */
  pending: PendingPixels | undefined;
  /** The Basic Offset Table; empty if there is none. */
  offsetTable: Buffer = Buffer.alloc(0);
  /** PS3.5 A.4: with an Extended Offset Table every frame is one fragment. */
  hasExtendedTable = false;
  readonly #facts = new Map<number, number>();

  /** Is this an element that says how frames are cut? */
  isFact(tag: number): boolean {
    return FACT_TAGS.has(tag);
  }

  /** Takes note of a top-level element, and pauses at pixel data. */
  element(scan: ScanState): void {
    if (isPixelData(scan.tag) && !scan.isCut) this.#pause(scan, 'native', 0);
    else if (scan.tag === EXTENDED_OFFSET_TABLE) this.hasExtendedTable = scan.lengthBytes > 0;
    else if (scan.valueAt >= 0 && FACT_TAGS.has(scan.tag)) this.#facts.set(scan.tag, factOf(scan));
  }

  /** Takes the offset table, and pauses at a fragment. */
  fragment(scan: ScanState): void {
    if (scan.index > 0) this.#pause(scan, 'fragment', scan.index - 1);
    else if (scan.valueAt >= 0) {
      this.offsetTable = Buffer.from(scan.bytes.subarray(scan.valueAt, scan.valueAt + scan.lengthBytes));
    }
  }

  /** Pauses behind the last fragment. */
  closeFragments(scan: ScanState): void {
    this.#pause(scan, 'end', 0);
  }

  #pause(scan: ScanState, kind: PendingPixels['kind'], fragmentIndex: number): void {
    const { tag, offset, lengthBytes, isLittle } = scan;
    this.pending = { kind, tag, offset, lengthBytes, isLittle, fragmentIndex };
    scan.pause();
  }

  /** Frames that the data set declares. */
  get frameCount(): number {
    return Math.max(1, this.#facts.get(NUMBER_OF_FRAMES) ?? 1);
  }

  /** Bits of one native frame; `undefined` if the data set does not say. */
  frameBits(tag: number): number | undefined {
    const [rows, columns] = [this.#facts.get(ROWS) ?? 0, this.#facts.get(COLUMNS) ?? 0];
    const bits = rows * columns * (this.#facts.get(SAMPLES_PER_PIXEL) ?? 1) * this.#bitsAllocated(tag);
    return bits > 0 && Number.isSafeInteger(bits) ? bits : undefined;
  }

  /** What the values of native pixel data are. */
  pixelKind(tag: number): PixelKind | undefined {
    if (tag === FLOAT_PIXEL_DATA) return 'float32';
    if (tag === DOUBLE_FLOAT_PIXEL_DATA) return 'float64';
    const isSigned = this.#facts.get(PIXEL_REPRESENTATION) === 1;
    const bits = this.#bitsAllocated(tag);
    if (bits === 1) return 'bits';
    return bits === 8 || bits === 16 || bits === 32 ? `${isSigned ? '' : 'u'}int${bits}` : undefined;
  }

  #bitsAllocated(tag: number): number {
    if (tag === FLOAT_PIXEL_DATA) return 32;
    return tag === DOUBLE_FLOAT_PIXEL_DATA ? 64 : (this.#facts.get(BITS_ALLOCATED) ?? 0);
  }
}

/** US as it is written, or IS. */
function factOf({ bytes, valueAt, lengthBytes, isLittle, tag }: ScanState): number {
  if (tag === NUMBER_OF_FRAMES) {
    const count = Number.parseInt(bytes.toString('latin1', valueAt, valueAt + lengthBytes), 10);
    return Number.isSafeInteger(count) ? count : 1;
  }
  if (lengthBytes < 2) return 0;
  return isLittle ? bytes.readUInt16LE(valueAt) : bytes.readUInt16BE(valueAt);
}
