import { nonNegativeInteger, positiveInteger } from '../options.ts';
import { MiB } from '../units.ts';
import { freeArrayBuffer } from './free-array-buffer.ts';
import { type BufferLease, releasedLease } from './lease.ts';
import { type LostLease, LostLeases, placeOf } from './lost-leases.ts';
import type { Slot } from './slab.ts';
import { SlotStore } from './slot-store.ts';

/** Options for {@link BufferPool}. */
export interface BufferPoolOptions {
  /**
   * Memory that the pool keeps, on loan or idle; a lease beyond it has memory of its own, which the collector
   * frees. @defaultValue 64 MiB
   */
  readonly maxBytes?: number | undefined;
  /**
   * Finds mistakes, at a price: each lease has memory of its own, whose views become empty at the release, and a
   * lost one is reported with the stack that took it. @defaultValue `true` if TIDEGATE_DEBUG is `leases`
   */
  readonly isDebug?: boolean | undefined;
  /** Told of each lease that was dropped without a release. @defaultValue a process warning */
  readonly onLost?: ((lost: LostLease) => void) | undefined;
}

/** What a {@link BufferPool} did and holds. */
export interface BufferPoolStats {
  /** Leases that needed new memory. */
  readonly allocations: number;
  /** Leases that got memory of an earlier one. */
  readonly reuses: number;
  /** Pieces of memory that wait for the next lease. */
  readonly currentlyAvailable: number;
  /** Leases that are out. */
  readonly inUse: number;
  /** The most leases that were out at once. */
  readonly peak: number;
  /** Bytes that are out, as large as their size classes. */
  readonly inUseBytes: number;
  /** The most bytes that were out at once. */
  readonly peakBytes: number;
  /** Bytes that the pool keeps, on loan or idle: never more than `maxBytes`. */
  readonly heldBytes: number;
  /** Leases that were dropped without a release. */
  readonly lost: number;
}

/**
 * Memory that is used again, in page-aligned pieces of 64 KiB, 128 KiB ... 8 MiB. It never waits: at its bound,
 * and beyond 8 MiB, a lease gets memory of its own. How much is out at once is for a `MemoryBudget` to say.
 */
export class BufferPool {
  readonly #store: SlotStore;
  readonly #isDebug: boolean;
  readonly #lost: LostLeases<Slot | undefined>;
  #allocations = 0;
  #reuses = 0;
  #inUse = 0;
  #peak = 0;
  #inUseBytes = 0;
  #peakBytes = 0;

  constructor(options: BufferPoolOptions = {}) {
    this.#store = new SlotStore(positiveInteger('maxBytes', options.maxBytes ?? 64 * MiB));
    this.#isDebug = options.isDebug ?? process.env.TIDEGATE_DEBUG === 'leases';
    this.#lost = new LostLeases(({ memory, heldBytes }) => {
      this.#countOut(heldBytes);
      if (memory !== undefined) this.#store.lose(memory);
    }, options.onLost);
  }

  /** Lends `lengthBytes` of memory; `owner` is named if the lease gets lost. Caller releases. */
  acquire(lengthBytes: number, owner?: string): BufferLease {
    nonNegativeInteger('lengthBytes', lengthBytes);
    const place = this.#isDebug ? placeOf(owner, this.acquire) : owner;
    const slot = this.#isDebug ? undefined : this.#slot(lengthBytes);
    if (slot === undefined) this.#allocations++;
    const memory = slot === undefined ? Buffer.allocUnsafeSlow(lengthBytes) : slot.bytes;
    const lease = new PoolLease(this.#takeBack, slot, memory, lengthBytes, place);
    const heldBytes = memory.length;
    this.#lost.watch(lease, { memory: slot, heldBytes, place });
    this.#inUseBytes += heldBytes;
    if (++this.#inUse > this.#peak) this.#peak = this.#inUse;
    if (this.#inUseBytes > this.#peakBytes) this.#peakBytes = this.#inUseBytes;
    return lease;
  }

  #slot(lengthBytes: number): Slot | undefined {
    const used = this.#store.reuse(lengthBytes);
    if (used !== undefined) {
      this.#reuses++;
      return used;
    }
    const carved = this.#store.carve(lengthBytes);
    if (carved !== undefined) this.#allocations++;
    return carved;
  }

  readonly #takeBack = (lease: PoolLease, memory: Buffer): void => {
    this.#lost.forget(lease);
    this.#countOut(memory.length);
    if (lease.slot !== undefined) this.#store.giveBack(lease.slot);
    else if (this.#isDebug) freeArrayBuffer(memory.buffer as ArrayBuffer);
  };

  #countOut(heldBytes: number): void {
    this.#inUse--;
    this.#inUseBytes -= heldBytes;
  }

  /** Gives memory that is not on loan back to the system. */
  trim(): void {
    this.#store.trim();
  }

  /** What it did, and what it holds now. */
  stats(): BufferPoolStats {
    return {
      allocations: this.#allocations,
      reuses: this.#reuses,
      currentlyAvailable: this.#store.freeCount,
      inUse: this.#inUse,
      peak: this.#peak,
      inUseBytes: this.#inUseBytes,
      peakBytes: this.#peakBytes,
      heldBytes: this.#store.heldBytes,
      lost: this.#lost.count,
    };
  }
}

class PoolLease implements BufferLease {
  readonly slot: Slot | undefined;
  readonly heldBytes: number;
  readonly #place: string | undefined;
  readonly #takeBack: (lease: PoolLease, memory: Buffer) => void;
  readonly #memory: Buffer;
  #bytes: Buffer | undefined;

  constructor(
    takeBack: (lease: PoolLease, memory: Buffer) => void,
    slot: Slot | undefined,
    memory: Buffer,
    lengthBytes: number,
    place: string | undefined,
  ) {
    this.slot = slot;
    this.heldBytes = memory.length;
    this.#place = place;
    this.#takeBack = takeBack;
    this.#memory = memory;
    this.#bytes = memory.length === lengthBytes ? memory : memory.subarray(0, lengthBytes);
  }

  get bytes(): Buffer {
    return this.#bytes ?? this.#refuse('use');
  }

  release(): void {
    if (this.#bytes === undefined) this.#refuse('release');
    this.#bytes = undefined;
    this.#takeBack(this, this.#memory);
  }

  #refuse(use: 'use' | 'release'): never {
    throw releasedLease(use, this.heldBytes, this.#place);
  }
}

/** The pool that everything in this process shares unless it is given another. */
export const sharedPool: BufferPool = new BufferPool();
