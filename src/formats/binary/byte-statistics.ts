import type { Json } from '../../records.ts';

/** Tables that count in turn: the same byte twice in a row then does not wait for its own last increment. */
const TABLES = 4;
/** Bytes after which the 32-bit counters are emptied, long before one can overflow. */
const FOLD_BYTES = 2 ** 31;

/** Exact statistics of a run of bytes, however it is cut into pieces. */
export class ByteStatistics {
  readonly #counters = new Uint32Array(TABLES * 256);
  readonly #totals = new Float64Array(256);
  #pendingBytes = 0;
  #totalBytes = 0;

  /** Bytes counted since the last `reset`. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Counts the next bytes. */
  add(bytes: Uint8Array): void {
    if (this.#pendingBytes + bytes.length > FOLD_BYTES) this.#fold();
    countInto(this.#counters, bytes);
    this.#pendingBytes += bytes.length;
    this.#totalBytes += bytes.length;
  }

  /** How often each byte value occurred. Valid until the next call. */
  histogram(): Float64Array {
    this.#fold();
    return this.#totals;
  }

  /** The value of a `sample` record. Entropy is Shannon's, in bits per byte: 0 (one value only) to 8 (all alike). */
  summary(): { readonly [name: string]: Json } {
    const counts = this.histogram();
    const total = this.#totalBytes;
    let entropy = 0;
    let sum = 0;
    let distinct = 0;
    let min = 255;
    let max = 0;
    for (let byte = 0; byte < 256; byte++) {
      const count = counts[byte]!;
      if (count === 0) continue;
      const share = count / total;
      entropy -= share * Math.log2(share);
      sum += byte * count;
      distinct++;
      if (distinct === 1) min = byte;
      max = byte;
    }
    // `-=` from zero leaves -0 for a single value.
    return { entropy: entropy + 0, min, max, mean: sum / total, distinct, zeroRatio: counts[0]! / total };
  }

  /** Starts anew. */
  reset(): void {
    this.#counters.fill(0);
    this.#totals.fill(0);
    this.#pendingBytes = 0;
    this.#totalBytes = 0;
  }

  #fold(): void {
    const counters = this.#counters;
    for (let i = 0; i < counters.length; i++) this.#totals[i & 255]! += counters[i]!;
    counters.fill(0);
    this.#pendingBytes = 0;
  }
}

function countInto(counters: Uint32Array, bytes: Uint8Array): void {
  const even = bytes.length - (bytes.length % TABLES);
  let i = 0;
  for (; i < even; i += TABLES) {
    counters[bytes[i]!]!++;
    counters[256 + bytes[i + 1]!]!++;
    counters[512 + bytes[i + 2]!]!++;
    counters[768 + bytes[i + 3]!]!++;
  }
  for (; i < bytes.length; i++) counters[bytes[i]!]!++;
}
