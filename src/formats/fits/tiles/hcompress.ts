import { smoothCoefficients } from './hsmooth.ts';
import { BitReader, readPlanes } from './quadtree.ts';

const HEADER_BYTES = 25;
const MAGIC = 0xdd99;
const MOST_PLANES = 52;

/**
 * Undoes HCOMPRESS_1 (FITS 4.0 section 10.4.4; White 1992): the bit planes of the coefficients of a two-dimensional
 * Haar transform. In float64, whose integers hold the sums of 32-bit pixels. `undefined` if the bytes are damaged.
 */
export function hcompressDecode(
  bytes: Uint8Array,
  shape: readonly number[],
  isSmoothed: boolean,
): Int32Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint16(0) !== MAGIC) return undefined;
  // The slow axis first
  const [rows, columns, scale] = [view.getInt32(2), view.getInt32(6), view.getInt32(10)];
  const isOfShape = columns === shape[0] && rows === shape.slice(1).reduce((product, axis) => product * axis, 1);
  if (!isOfShape || rows < 2 || columns < 2) return undefined;
  const out = new Float64Array(rows * columns);
  const bits = new BitReader(bytes, HEADER_BYTES);
  if (!readQuadrants(bits, out, rows, columns, bytes.subarray(22, 25))) return undefined;
  out[0] = Number(view.getBigInt64(14));
  if (scale > 1) for (let i = 0; i < out.length; i++) out[i]! *= scale;
  invert(out, rows, columns, isSmoothed ? scale : 0);
  return Int32Array.from(out);
}

function readQuadrants(bits: BitReader, out: Float64Array, rows: number, columns: number, planes: Uint8Array): boolean {
  const [top, left] = [(rows + 1) >> 1, (columns + 1) >> 1];
  const [bottom, right] = [rows >> 1, columns >> 1];
  const stride = columns;
  if (planes.some((count) => count > MOST_PLANES)) return false;
  const isRead =
    readPlanes(bits, out, { offset: 0, rows: top, columns: left, stride }, planes[0]!) &&
    readPlanes(bits, out, { offset: left, rows: top, columns: right, stride }, planes[1]!) &&
    readPlanes(bits, out, { offset: columns * top, rows: bottom, columns: left, stride }, planes[1]!) &&
    readPlanes(bits, out, { offset: columns * top + left, rows: bottom, columns: right, stride }, planes[2]!);
  if (!isRead || bits.take(4) !== 0) return false;
  // The signs of what is not zero follow on their own
  bits.align();
  for (let i = 0; i < out.length; i++) if (out[i] !== 0 && bits.take(1) === 1) out[i] = -out[i]!;
  return !bits.isExhausted;
}

/** The inverse transform, level by level from one coefficient to the whole image. */
function invert(a: Float64Array, rows: number, columns: number, smoothScale: number): void {
  let levels = 0;
  while (1 << levels < Math.max(rows, columns)) levels++;
  a[0] = rounded(a[0]!, 2 ** levels);
  const line = new Float64Array(Math.max(rows, columns));
  for (let level = levels - 1; level >= 0; level--) {
    const height = Math.ceil(rows / 2 ** level);
    const width = Math.ceil(columns / 2 ** level);
    for (let y = 0; y < height; y++) interleave(a, y * columns, width, 1, line);
    for (let x = 0; x < width; x++) interleave(a, x, height, columns, line);
    if (smoothScale > 1) smoothCoefficients(a, height, width, columns, smoothScale);
    expand(a, height, width, columns, 1 << level, level === 0 ? 0.25 : 0.5);
  }
}

/** `value` to a multiple of twice `half`, halves away from zero; itself for a half of 0. */
function rounded(value: number, half: number): number {
  if (half < 1) return value;
  return Math.floor((value + (value >= 0 ? half : half - 1)) / (2 * half)) * 2 * half;
}

/** `bit` where it is set in `value` (in two's complement), else 0. */
function masked(value: number, bit: number): number {
  return Math.floor(value / bit) % 2 === 0 ? 0 : bit;
}

/** The first half of a line goes to its even places, the second to its odd ones. */
function interleave(a: Float64Array, offset: number, count: number, stride: number, line: Float64Array): void {
  const half = (count + 1) >> 1;
  for (let i = 0, at = offset; i < count; i++, at += stride) line[i < half ? 2 * i : 2 * (i - half) + 1] = a[at]!;
  for (let i = 0, at = offset; i < count; i++, at += stride) a[at] = line[i]!;
}

/** Sum and differences of each 2 x 2 pixels become the pixels; at an odd edge of 2 x 1, 1 x 2 or 1. */
function expand(a: Float64Array, height: number, width: number, stride: number, bit: number, factor: number): void {
  const next = 2 * bit;
  for (let y = 0; y < height; y += 2) {
    const hasBelow = y + 1 < height;
    for (let x = 0; x < width; x += 2) {
      const at = y * stride + x;
      const hasRight = x + 1 < width;
      if (hasBelow && hasRight) expandSquare(a, at, stride, bit, factor);
      else if (hasBelow || hasRight) {
        const other = hasBelow ? at + stride : at + 1;
        const difference = rounded(a[other]!, bit);
        const low = masked(difference, next);
        const sum = a[at]! + (a[at]! >= 0 ? -low : low);
        a[other] = Math.floor((sum + difference) * factor);
        a[at] = Math.floor((sum - difference) * factor);
      } else a[at] = Math.floor(a[at]! * factor);
    }
  }
}

function expandSquare(a: Float64Array, at: number, stride: number, bit: number, factor: number): void {
  const below = at + stride;
  const next = 2 * bit;
  const both = rounded(a[below + 1]!, bit / 2);
  // The low bits that rounding took come back from the coefficients of the finer differences
  const low = masked(both, bit);
  let down = rounded(a[below]!, bit);
  down += down >= 0 ? -low : low;
  let across = rounded(a[at + 1]!, bit);
  across += across >= 0 ? -low : low;
  const isOdd = (masked(both, next) + masked(down, next) + masked(across, next)) % (2 * next) !== 0;
  const high = isOdd ? next : 0;
  let sum = a[at]!;
  sum += sum >= 0 ? low - high : low === 0 ? high : low - high;
  a[below + 1] = Math.floor((sum + down + across + both) * factor);
  a[below] = Math.floor((sum + down - across - both) * factor);
  a[at + 1] = Math.floor((sum - down + across - both) * factor);
  a[at] = Math.floor((sum - down - across + both) * factor);
}
