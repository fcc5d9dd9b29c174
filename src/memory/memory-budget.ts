import { TidegateError } from '../errors.ts';
import { nonNegativeInteger, positiveInteger } from '../options.ts';
import { Account, type Lane } from './account.ts';
import type { Lease } from './lease.ts';
import { Ledger } from './ledger.ts';
import type { AcquireOptions, BudgetGauge, BudgetStage, Lender } from './lender.ts';
import type { LostLease } from './lost-leases.ts';
import type { PeakMark } from './peak-marks.ts';

/** Options for {@link MemoryBudget}. */
export interface MemoryBudgetOptions {
  /** Told of each lease that was dropped without a release. @defaultValue a process warning */
  readonly onLost?: ((lost: LostLease) => void) | undefined;
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
  /** Leases that passed above a share or the limit, because nothing else could move. */
  readonly passedAlone: number;
  /** What of `usedBytes` such leases have; the others are never more than `limitBytes`. */
  readonly aloneBytes: number;
  readonly stages: readonly { readonly name: string; readonly reservedBytes: number; readonly usedBytes: number }[];
}

/**
 * A limit for the bytes that are in flight at once. Leases never add up to more, except for one item at a time that
 * nobody could ever make room for, and which passes when nothing else can move.
 *
 * Who waits for a lease while it keeps another says so with `holding`; then nothing waits for ever. A stage whose
 * reservation is twice its largest item never needs the exception: half of it is kept for what goes out.
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
  readonly #lender: LaneLender;
  readonly #peak: PeakMark;

  constructor(limitBytes: number, options: MemoryBudgetOptions = {}) {
    this.#ledger = new Ledger(positiveInteger('limitBytes', limitBytes), options.onLost);
    this.#ledger.accounts.add(this.#rest);
    this.#peak = this.markPeak();
    this.#lender = new LaneLender(this.#ledger, this.#rest.output);
  }

  get limitBytes(): number {
    return this.#ledger.limitBytes;
  }

  get usedBytes(): number {
    return this.#ledger.usedBytes;
  }

  acquire(bytes: number, options: AcquireOptions = {}): Promise<Lease> {
    return this.#lender.acquire(bytes, options);
  }

  tryAcquire(bytes: number, options: Omit<AcquireOptions, 'signal'> = {}): Lease | undefined {
    return this.#lender.tryAcquire(bytes, options);
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

  /** Counts bytes that are there whether there is room or not: the RSS of a child process, the buffers of a sink. */
  gauge(name: string): BudgetGauge {
    let reportedBytes = 0;
    const set = (bytes: number) => {
      nonNegativeInteger('bytes', bytes);
      const moreBytes = bytes - reportedBytes;
      reportedBytes = bytes;
      if (moreBytes !== 0) this.#ledger.report(moreBytes);
    };
    return { name, set, close: () => set(0) };
  }

  /** Watches the peak from now on: that of one run, where a budget serves several. Caller closes. */
  markPeak(): PeakMark {
    return this.#ledger.peaks.set(this.usedBytes);
  }

  /** What is out now. */
  snapshot(): BudgetSnapshot {
    const { limitBytes, usedBytes, waitingCount, lostCount, aloneCount, aloneBytes, accounts } = this.#ledger;
    const stages = [...accounts].filter((account) => account !== this.#rest);
    return {
      limitBytes,
      usedBytes,
      peakBytes: this.#peak.peakBytes,
      waiting: waitingCount,
      lost: lostCount,
      passedAlone: aloneCount,
      aloneBytes,
      stages: stages.map(({ name, reservedBytes, heldBytes }) => ({ name, reservedBytes, usedBytes: heldBytes })),
    };
  }
}

class LaneLender implements Lender {
  protected readonly ledger: Ledger;
  readonly #lane: Lane;

  constructor(ledger: Ledger, lane: Lane) {
    this.ledger = ledger;
    this.#lane = lane;
  }

  get usedBytes(): number {
    return this.#lane.usedBytes;
  }

  acquire(bytes: number, options: AcquireOptions = {}): Promise<Lease> {
    return this.ledger.acquire(this.#lane, bytes, options);
  }

  tryAcquire(bytes: number, options: Omit<AcquireOptions, 'signal'> = {}): Lease | undefined {
    return this.ledger.tryAcquire(this.#lane, bytes, options);
  }
}

class Stage extends LaneLender implements BudgetStage {
  readonly input: Lender;
  readonly #account: Account;

  constructor(ledger: Ledger, account: Account) {
    super(ledger, account.output);
    this.#account = account;
    this.input = new LaneLender(ledger, account.input);
  }

  get name(): string {
    return this.#account.name;
  }

  get reservedBytes(): number {
    return this.#account.reservedBytes;
  }

  override get usedBytes(): number {
    return this.#account.heldBytes;
  }

  close(): void {
    this.#account.reservedBytes = 0;
    this.#account.isClosed = true;
    this.ledger.serve();
  }
}
