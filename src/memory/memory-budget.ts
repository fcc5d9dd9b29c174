import { TidegateError } from '../errors.ts';
import { nonNegativeInteger, positiveInteger } from '../options.ts';
import { Account } from './account.ts';
import type { Lease } from './lease.ts';
import { Ledger } from './ledger.ts';
import type { LostLease } from './lost-leases.ts';

/** Options for {@link MemoryBudget}. */
export interface MemoryBudgetOptions {
  /** Told of each lease that was dropped without a release. @defaultValue a process warning */
  readonly onLost?: ((lost: LostLease) => void) | undefined;
}

/** Options for `acquire`. */
export interface AcquireOptions {
  /** Gives up waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Named if the lease gets lost. */
  readonly owner?: string | undefined;
}

/** Something that lends bytes of a budget: the budget itself, or a stage with bytes of its own. */
export interface Lender {
  /** Bytes that are out. */
  readonly usedBytes: number;
  /**
   * Waits until `bytes` are free, first come, first served. An item larger than the lender can ever give passes
   * while the lender has nothing else out, one such item of the whole budget at a time. Caller releases.
   */
  acquire(bytes: number, options?: AcquireOptions): Promise<Lease>;
  /** The same without waiting: `undefined` if it would have to wait. Caller releases. */
  tryAcquire(bytes: number, options?: Pick<AcquireOptions, 'owner'>): Lease | undefined;
}

/** A part of a pipeline that has bytes of its own, and competes for the rest. */
export interface BudgetStage extends Lender {
  readonly name: string;
  readonly reservedBytes: number;
  /** Gives the reservation to the rest. Leases stay valid. */
  close(): void;
}

/** What a {@link MemoryBudget} has out. */
export interface BudgetSnapshot {
  readonly limitBytes: number;
  readonly usedBytes: number;
  /** The most bytes that were out at once. */
  readonly peakBytes: number;
  /** Calls of `acquire` that wait. */
  readonly waiting: number;
  /** Leases that were dropped without a release. */
  readonly lost: number;
  readonly stages: readonly { readonly name: string; readonly reservedBytes: number; readonly usedBytes: number }[];
}

/**
 * A limit for the bytes that are in flight at once. Leases never add up to more, except for one item that is larger
 * than its lender could ever give.
 *
 * Who waits for a lease while holding one may wait for ever. So each stage of a pipeline gets a reservation as large
 * as the largest item that it makes, and competes for the rest: then there is always one that can go on.
 *
 * @example
 * ```ts
 * const budget = new MemoryBudget(64 * MiB);
 * const lease = await budget.acquire(MiB, { signal });
 * try {
 *   await read();
 * } finally {
 *   lease.release();
 * }
 * ```
 */
export class MemoryBudget implements Lender {
  readonly #ledger: Ledger;
  readonly #rest: Account = new Account('', 0);

  constructor(limitBytes: number, options: MemoryBudgetOptions = {}) {
    this.#ledger = new Ledger(positiveInteger('limitBytes', limitBytes), options.onLost);
    this.#ledger.accounts.add(this.#rest);
  }

  get limitBytes(): number {
    return this.#ledger.limitBytes;
  }

  get usedBytes(): number {
    return this.#ledger.usedBytes;
  }

  acquire(bytes: number, options: AcquireOptions = {}): Promise<Lease> {
    return this.#ledger.acquire(this.#rest, bytes, options.owner, options.signal);
  }

  tryAcquire(bytes: number, options: Pick<AcquireOptions, 'owner'> = {}): Lease | undefined {
    return this.#ledger.tryAcquire(this.#rest, bytes, options.owner);
  }

  /** Sets bytes aside for a stage. `ERR_BUDGET` if all reservations together are more than the limit. */
  stage(name: string, reservedBytes: number): BudgetStage {
    const freeBytes = this.#ledger.sharedBytes;
    if (nonNegativeInteger('reservedBytes', reservedBytes) > freeBytes) {
      const message = `Cannot reserve ${reservedBytes} bytes for ${name}: ${freeBytes} of ${this.limitBytes} are free`;
      throw new TidegateError('ERR_BUDGET', message, { stage: name, reservedBytes, freeBytes });
    }
    const account = new Account(name, reservedBytes);
    this.#ledger.accounts.add(account);
    return new Stage(this.#ledger, account);
  }

  /** What is out now. */
  snapshot(): BudgetSnapshot {
    const { limitBytes, usedBytes, peakBytes, waitingCount, lostCount, accounts } = this.#ledger;
    const stages = [...accounts].filter((account) => account !== this.#rest);
    return {
      limitBytes,
      usedBytes,
      peakBytes,
      waiting: waitingCount,
      lost: lostCount,
      stages: stages.map(({ name, reservedBytes, heldBytes }) => ({ name, reservedBytes, usedBytes: heldBytes })),
    };
  }
}

class Stage implements BudgetStage {
  readonly #ledger: Ledger;
  readonly #account: Account;

  constructor(ledger: Ledger, account: Account) {
    this.#ledger = ledger;
    this.#account = account;
  }

  get name(): string {
    return this.#account.name;
  }

  get reservedBytes(): number {
    return this.#account.reservedBytes;
  }

  get usedBytes(): number {
    return this.#account.heldBytes;
  }

  acquire(bytes: number, options: AcquireOptions = {}): Promise<Lease> {
    return this.#ledger.acquire(this.#account, bytes, options.owner, options.signal);
  }

  tryAcquire(bytes: number, options: Pick<AcquireOptions, 'owner'> = {}): Lease | undefined {
    return this.#ledger.tryAcquire(this.#account, bytes, options.owner);
  }

  close(): void {
    this.#account.reservedBytes = 0;
    this.#account.isClosed = true;
    this.#ledger.serve();
  }
}
