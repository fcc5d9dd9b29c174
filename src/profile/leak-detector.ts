import { KiB } from '../units.ts';

/** What a {@link LeakDetector} thinks of the floors it was told. */
export interface LeakVerdict {
  /** They rise, block by block, and do not flatten out. A cache that still fills looks the same: hence suspected. */
  readonly isSuspected: boolean;
  /** What each item leaves behind; 0 if nothing is suspected. */
  readonly bytesPerItem: number;
  /** By how much the floor has risen over the blocks that were looked at. */
  readonly grownBytes: number;
  /** How many floors there were. Fewer than 48 say nothing. */
  readonly floorCount: number;
}

interface Floor {
  readonly bytes: number;
  readonly items: number;
}

const BLOCK_COUNT = 8;
const MIN_FLOORS = 48;
/** Floors that are kept: when there are more, each two become the lower of them. */
const KEPT_FLOORS = 192;
/** What is compiled and cached at the beginning is no leak. */
const WARM_UP = 0.3;
/** Growth that is less may be anything. */
const LEAST_GROWN_BYTES: number = 256 * KiB;
const LEAST_GROWN_RATIO = 0.02;
/** A cache that fills rises less and less: of a leak the later half rises at least so much of the earlier. */
const FLATTENING = 0.6;
/** No block rises by more than this part of all: else it is a step, and what steps up once does not leak. */
const STEP = 0.6;
/** Of a leak each block adds a part: of what steps up a few times most add nothing. */
const RISE = 0.03;
/** And one block may lie below the one before it, by no more than this part. */
const SLACK = 0.15;
/** Floors for which it has to look like a leak. */
const CONFIRMED_AFTER = 6;

/**
 * Tells a leak from a cache that fills, a heap that settles and work that varies, by how the floor of memory goes:
 * what is left behind collections. It knows numbers only; a `LeakWatch` measures them.
 */
export class LeakDetector {
  #floors: Floor[] = [];
  #pending: Floor | undefined;
  /** Measured floors that one kept floor stands for. */
  #merged = 1;
  #mergedSoFar = 0;
  #count = 0;
  #suspectedSince: number | undefined;

  /** `bytes` were in use behind a collection, when `items` had gone by. */
  add(bytes: number, items: number): void {
    this.#count++;
    const isLower = this.#pending === undefined || bytes <= this.#pending.bytes;
    if (isLower) this.#pending = { bytes, items };
    if (++this.#mergedSoFar >= this.#merged) {
      this.#floors.push(this.#pending!);
      this.#pending = undefined;
      this.#mergedSoFar = 0;
    }
    if (this.#floors.length > KEPT_FLOORS) this.#halve();
    if (!this.#isRising()) this.#suspectedSince = undefined;
    else this.#suspectedSince ??= this.#count;
  }

  /** What it thinks by now. */
  verdict(): LeakVerdict {
    const isSuspected = this.#suspectedSince !== undefined && this.#count - this.#suspectedSince >= CONFIRMED_AFTER;
    const minima = this.#blockMinima();
    const [first, last] = [minima[0], minima.at(-1)];
    const grownBytes = first === undefined || last === undefined ? 0 : last.bytes - first.bytes;
    const bytesPerItem = isSuspected ? slope(minima) : 0;
    return { isSuspected, bytesPerItem, grownBytes, floorCount: this.#count };
  }

  #isRising(): boolean {
    const minima = this.#blockMinima();
    if (minima.length < BLOCK_COUNT) return false;
    const steps = minima.slice(1).map(({ bytes }, index) => bytes - minima[index]!.bytes);
    const grown = steps.reduce((sum, step) => sum + step, 0);
    if (grown < Math.max(LEAST_GROWN_BYTES, LEAST_GROWN_RATIO * minima[0]!.bytes)) return false;
    if (steps.filter((step) => step <= RISE * grown).length > 1) return false;
    if (steps.some((step) => step < -SLACK * grown || step > STEP * grown)) return false;
    const half = BLOCK_COUNT / 2;
    return slope(minima.slice(half)) >= FLATTENING * slope(minima.slice(0, half));
  }

  /** The lowest floor of each of eight blocks of equal length, without the warm-up. */
  #blockMinima(): Floor[] {
    if (this.#count < MIN_FLOORS) return [];
    const floors = this.#floors.slice(Math.floor(this.#floors.length * WARM_UP));
    return Array.from({ length: BLOCK_COUNT }, (_, block) => {
      const from = Math.floor((block * floors.length) / BLOCK_COUNT);
      const to = Math.floor(((block + 1) * floors.length) / BLOCK_COUNT);
      return floors.slice(from, to).reduce((lowest, floor) => (floor.bytes < lowest.bytes ? floor : lowest));
    });
  }

  #halve(): void {
    const halved: Floor[] = [];
    for (let index = 0; index + 1 < this.#floors.length; index += 2) {
      const [a, b] = [this.#floors[index]!, this.#floors[index + 1]!];
      halved.push(b.bytes <= a.bytes ? b : a);
    }
    // one that is left over waits for the next
    this.#pending = this.#floors.length % 2 === 1 ? this.#floors.at(-1) : undefined;
    this.#mergedSoFar = this.#pending === undefined ? 0 : this.#merged;
    this.#merged *= 2;
    this.#floors = halved;
  }
}

/** Bytes for each item, by the median of the slopes between all pairs: one odd block does not bend it (Theil-Sen). */
function slope(floors: readonly Floor[]): number {
  const slopes = floors.flatMap((a, index) =>
    floors.slice(index + 1).map((b) => (b.bytes - a.bytes) / Math.max(1, b.items - a.items)),
  );
  return slopes.sort((a, b) => a - b)[slopes.length >> 1] ?? 0;
}
