/** Bits of HCOMPRESS_1, the highest of each byte first; zeros beyond the end. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  #bitCount = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** More was read than there is. */
  get isExhausted(): boolean {
    return this.#at > this.#bytes.length;
  }

  /** The next 1 to 8 bits. */
  take(count: number): number {
    if (this.#bitCount < count) {
      this.#bits = ((this.#bits << 8) | (this.#bytes[this.#at++] ?? 0)) & 0xffff;
      this.#bitCount += 8;
    }
    this.#bitCount -= count;
    return (this.#bits >> this.#bitCount) & ((1 << count) - 1);
  }

  /** Goes on with the next whole byte. */
  align(): void {
    this.#bitCount = 0;
  }

  /** The next 4-bit value in the fixed Huffman code: 3 bits for the commonest ones, at most 6. */
  huffman(): number {
    const three = this.take(3);
    if (three < 4) return 1 << three;
    const four = (three << 1) | this.take(1);
    if (four < 13) return FOUR_BITS[four - 8]!;
    const five = (four << 1) | this.take(1);
    if (five < 31) return FIVE_BITS[five - 26]!;
    return this.take(1) === 0 ? 0 : 14;
  }
}

const FOUR_BITS = [3, 5, 10, 12, 15] as const;
const FIVE_BITS = [6, 7, 9, 11, 13] as const;

/** A part of a two-dimensional array: `rows` x `columns` from `offset` on, lines `stride` apart. */
export interface Quadrant {
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
}

/** Reads the bit planes of one quadrant, the highest first. `false` if the code is damaged. */
export function readPlanes(bits: BitReader, out: Float64Array, quadrant: Quadrant, planeCount: number): boolean {
  const { rows, columns } = quadrant;
  let levels = 0;
  while (1 << levels < Math.max(rows, columns)) levels++;
  for (let plane = planeCount - 1; plane >= 0; plane--) {
    const kind = bits.take(4);
    if (kind !== 0 && kind !== 0xf) return false;
    const codes =
      kind === 0 ? directCodes(bits, halfOf(rows) * halfOf(columns)) : treeCodes(bits, rows, columns, levels);
    if (bits.isExhausted) return false;
    insert(codes, out, quadrant, plane);
  }
  return true;
}

const halfOf = (count: number): number => (count + 1) >> 1;

function directCodes(bits: BitReader, count: number): Uint8Array {
  const codes = new Uint8Array(count);
  for (let i = 0; i < count; i++) codes[i] = bits.take(4);
  return codes;
}

/** From one code for the whole quadrant down to one for 2 x 2 pixels: a code's bits say which quarters have one. */
function treeCodes(bits: BitReader, rows: number, columns: number, levels: number): Uint8Array {
  let codes = Uint8Array.of(bits.huffman());
  for (let level = levels - 1; level >= 1; level--) {
    const height = Math.ceil(rows / 2 ** level);
    const width = Math.ceil(columns / 2 ** level);
    const above = codes;
    const aboveWidth = halfOf(width);
    codes = new Uint8Array(height * width);
    for (let y = height - 1; y >= 0; y--) {
      for (let x = width - 1; x >= 0; x--) {
        const code = above[(y >> 1) * aboveWidth + (x >> 1)]!;
        if (((code >> quarter(y, x)) & 1) === 1) codes[y * width + x] = bits.huffman();
      }
    }
  }
  return codes;
}

/** Which bit of a code stands for the quarter at (y, x): 3 2 above, 1 0 below. */
const quarter = (y: number, x: number): number => 3 - 2 * (y & 1) - (x & 1);

function insert(
  codes: Uint8Array,
  out: Float64Array,
  { offset, rows, columns, stride }: Quadrant,
  plane: number,
): void {
  const width = halfOf(columns);
  const value = 2 ** plane;
  for (let y = 0; y < rows; y++) {
    const line = offset + y * stride;
    const codeLine = (y >> 1) * width;
    for (let x = 0; x < columns; x++) {
      out[line + x]! += ((codes[codeLine + (x >> 1)]! >> quarter(y, x)) & 1) * value;
    }
  }
}
