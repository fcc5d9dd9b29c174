import { type Kernel, PIXELS_AT } from '../kernel/kernel.ts';
import { Moments } from './moments.ts';

const STEP_BYTES = 16;

/** One stored big-endian value at `at`. */
export function storedValue(view: DataView, at: number, bitpix: number): number | bigint {
  switch (bitpix) {
    case 16:
      return view.getInt16(at);
    case 32:
      return view.getInt32(at);
    case 64:
      return view.getBigInt64(at);
    case -32:
      return view.getFloat32(at);
    case -64:
      return view.getFloat64(at);
    default:
      return view.getUint8(at);
  }
}

/**
 * Moments of the stored values in the kernel's pixel memory, `lengthBytes` of them.
 * `pivot` is a number near the mean, where one is known: it keeps the digits of the variance.
 */
export function measureRun(
  kernel: Kernel,
  bitpix: number,
  lengthBytes: number,
  blank: bigint | undefined,
  pivot?: number | undefined,
): Moments {
  const moments = new Moments();
  const end = PIXELS_AT + lengthBytes - (lengthBytes % STEP_BYTES);
  const view = new DataView(kernel.memory.buffer);
  if (end > PIXELS_AT) {
    const near = pivot ?? firstValue(view, bitpix, end, blank);
    runKernel(kernel, view, bitpix, end, blank, Number.isFinite(near) ? near : 0, moments);
  }
  const width = Math.abs(bitpix) / 8;
  for (let at = end; at < PIXELS_AT + lengthBytes; at += width) {
    const value = storedValue(view, at, bitpix);
    const isNone = blank !== undefined ? BigInt(value) === blank : Number.isNaN(value);
    if (!isNone) moments.add(1, value, value, Number(value), 0);
  }
  return moments;
}

/** The first value that counts. */
function firstValue(view: DataView, bitpix: number, end: number, blank: bigint | undefined): number {
  const width = Math.abs(bitpix) / 8;
  for (let at = PIXELS_AT; at < end; at += width) {
    const value = storedValue(view, at, bitpix);
    if (blank === undefined ? Number.isFinite(Number(value)) : BigInt(value) !== blank) return Number(value);
  }
  return 0;
}

function runKernel(
  kernel: Kernel,
  view: DataView,
  bitpix: number,
  end: number,
  blank: bigint | undefined,
  pivot: number,
  moments: Moments,
): void {
  const count = (end - PIXELS_AT) / (Math.abs(bitpix) / 8);
  // A BLANK that the type cannot hold never matches
  const isInRange = blank !== undefined && BigInt.asIntN(64, blank) === blank && fits(Number(blank), bitpix);
  const hasBlank = isInRange ? -1 : 0;
  const none = isInRange ? Number(blank) : 0;
  const whole = Math.trunc(pivot);
  const near = Math.fround(pivot);
  switch (bitpix) {
    case 8:
      kernel.u8(PIXELS_AT, end, none, hasBlank);
      addIntegers(view, count, (at) => view.getUint8(at), 1, moments);
      break;
    case 16:
      kernel.i16(PIXELS_AT, end, none, hasBlank);
      addIntegers(view, count, (at) => view.getInt16(at, true), 2, moments);
      break;
    case 32:
      kernel.i32(PIXELS_AT, end, none, hasBlank, whole);
      addPivoted(view, count, (at) => view.getInt32(at, true), 4, whole, moments);
      break;
    case 64:
      kernel.i64(PIXELS_AT, end, isInRange ? blank! : 0n, hasBlank, pivot);
      addPivoted(view, count, (at) => view.getBigInt64(at, true), 8, pivot, moments);
      break;
    case -32:
      kernel.f32(PIXELS_AT, end, near);
      addPivoted(view, count, (at) => view.getFloat32(at, true), 4, near, moments);
      break;
    default:
      kernel.f64(PIXELS_AT, end, pivot);
      addPivoted(view, count, (at) => view.getFloat64(at, true), 8, pivot, moments);
  }
}

function fits(value: number, bitpix: number): boolean {
  if (bitpix === 8) return value >= 0 && value <= 255;
  return bitpix === 64 || (value >= -(2 ** (bitpix - 1)) && value < 2 ** (bitpix - 1));
}

type Lane = (at: number) => number | bigint;

/** Least and greatest over the lanes at 0 and 16. */
function extremes(lane: Lane, width: number): [number | bigint, number | bigint] {
  let min = lane(0);
  let max = lane(16);
  for (let at = width; at < 16; at += width) {
    if (lane(at) < min) min = lane(at);
    if (lane(16 + at) > max) max = lane(16 + at);
  }
  return [min, max];
}

function addIntegers(view: DataView, count: number, lane: Lane, width: number, moments: Moments): void {
  const validCount = count - view.getUint32(96, true);
  const sum = sumOf((at) => Number(view.getBigInt64(at, true)), 32);
  const squares = sumOf((at) => Number(view.getBigInt64(at, true)), 64);
  moments.add(validCount, ...extremes(lane, width), sum / validCount, squares - (sum * sum) / validCount);
}

function addPivoted(view: DataView, count: number, lane: Lane, width: number, pivot: number, moments: Moments): void {
  const validCount = count - view.getUint32(96, true);
  const sum = sumOf((at) => view.getFloat64(at, true), 32);
  const squares = sumOf((at) => view.getFloat64(at, true), 64);
  moments.add(validCount, ...extremes(lane, width), pivot + sum / validCount, squares - (sum * sum) / validCount);
}

function sumOf(lane: (at: number) => number, at: number): number {
  return lane(at) + lane(at + 8) + (lane(at + 16) + lane(at + 24));
}
