import { TidegateError } from '../errors.ts';
import { nonNegativeInteger, positiveInteger, positiveNumber } from '../options.ts';
import { MiB } from '../units.ts';
import { freeArrayBuffer } from './free-array-buffer.ts';
import { type BufferLease, releasedLease } from './lease.ts';
import { type LostLease, LostLeases, placeOf } from './lost-leases.ts';
import { Slot } from './slab.ts';
import { SlotStore, type SlotToken } from './slot-store.ts';

/** Options for {@link BufferPool}. */
export interface BufferPoolOptions {
  /**
   * Memory that the pool keeps, on loan or idle; a lease beyond it has memory of its own, which the collector
   * frees. @defaultValue 64 MiB
   */
  readonly maxBytes?: number | undefined;
  /** Idle memory goes back to the system when no lease was taken for so long. @defaultValue 30,000 */
  readonly idleMs?: number | undefined;
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
  readonly #lost: LostLeases<Slot>;
  readonly #idleMs: number;
  #idleTimer: NodeJS.Timeout | undefined;
  #takenAtLook = 0;
  #allocations = 0;
  #reuses = 0;
  #inUse = 0;
  #peak = 0;
  #inUseBytes = 0;
  #peakBytes = 0;

  constructor(options: BufferPoolOptions = {}) {
    const maxBytes = positiveInteger('maxBytes', options.maxBytes ?? 64 * MiB);
    this.#idleMs = positiveNumber('idleMs', options.idleMs ?? 30_000);
    this.#isDebug = options.isDebug ?? process.env.TIDEGATE_DEBUG === 'leases';
    this.#lost = new LostLeases((slot) => {
      this.#countOut(slot.heldBytes);
      this.#store.lose(slot);
    }, options.onLost);
    this.#store = new SlotStore(maxBytes, this.#lost);
  }

  /** Lends `lengthBytes` of memory; `owner` is named if the lease gets lost. Caller releases. */
  acquire(lengthBytes: number, owner?: string): BufferLease {
    nonNegativeInteger('lengthBytes', lengthBytes);
    const token = this.#token(lengthBytes);
    const { loan } = token;
    loan.place = this.#isDebug ? placeOf(owner, this.acquire) : owner;
    this.#inUseBytes += loan.heldBytes;
    if (++this.#inUse > this.#peak) this.#peak = this.#inUse;
    if (this.#inUseBytes > this.#peakBytes) this.#peakBytes = this.#inUseBytes;
    return new PoolLease(this.#takeBack, token, lengthBytes);
  }

  #token(lengthBytes: number): SlotToken {
    const used = this.#isDebug ? undefined : this.#store.reuse(lengthBytes);
    if (used !== undefined) {
      this.#reuses++;
      return used;
    }
    this.#allocations++;
    const carved = this.#isDebug ? undefined : this.#store.carve(lengthBytes);
    return carved ?? this.#lost.watch(new Slot(allocate(lengthBytes)));
  }

  readonly #takeBack = (token: SlotToken): void => {
    const { block, bytes, heldBytes } = token.loan;
    this.#countOut(heldBytes);
    if (block !== undefined) {
      this.#store.giveBack(token);
      if (this.#idleTimer === undefined) this.#watchIdle();
    } else {
      this.#lost.forget(token);
      if (this.#isDebug) freeArrayBuffer(bytes.buffer as ArrayBuffer);
    }
  };

  /** One timer, that keeps no process alive, while there is something to give back. */
  #watchIdle(): void {
    if (this.#idleMs === Number.POSITIVE_INFINITY) return;
    this.#takenAtLook = this.#allocations + this.#reuses;
    this.#idleTimer = setTimeout(() => {
      this.#idleTimer = undefined;
      if (this.#takenAtLook === this.#allocations + this.#reuses) this.trim();
      if (this.#store.freeCount > 0) this.#watchIdle();
    }, this.#idleMs).unref();
  }

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

function allocate(lengthBytes: number): Buffer {
  try {
    return Buffer.allocUnsafeSlow(lengthBytes);
  } catch (cause) {
    // a RangeError: more than a Buffer can have, or than the system gives
    const message = `Cannot lend ${lengthBytes} bytes: ${(cause as Error).message}`;
    throw new TidegateError('ERR_BUDGET', message, { neededBytes: lengthBytes, cause });
  }
}

class PoolLease implements BufferLease {
  readonly heldBytes: number;
  readonly #takeBack: (token: SlotToken) => void;
  readonly #bytes: Buffer;
  /** Who had it, for the errors after the release. */
  #place: string | undefined;
  #token: SlotToken | undefined;

  constructor(takeBack: (token: SlotToken) => void, token: SlotToken, lengthBytes: number) {
    const { bytes, heldBytes } = token.loan;
    this.heldBytes = heldBytes;
    this.#takeBack = takeBack;
    this.#token = token;
    this.#bytes = lengthBytes === heldBytes ? bytes : bytes.subarray(0, lengthBytes);
  }

  get bytes(): Buffer {
    if (this.#token === undefined) throw releasedLease('use', this.heldBytes, this.#place);
    return this.#bytes;
  }

  release(): void {
    const token = this.#token;
    if (token === undefined) throw releasedLease('release', this.heldBytes, this.#place);
    this.#token = undefined;
    this.#place = token.loan.place;
    this.#takeBack(token);
  }
}

/** The pool that everything in this process shares unless it is given another. */
export const sharedPool: BufferPool = new BufferPool();
