import type { Lease } from './lease.ts';

/** Options for `acquire`. */
export interface AcquireOptions {
  /** Gives up waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Named if the lease gets lost. */
  readonly owner?: string | undefined;
  /**
   * Leases of this budget that are kept until this one is there, such as that of the input of what is to be made.
   * The budget then sees when all that is out waits, and lets one item pass. @defaultValue none
   */
  readonly holding?: readonly Lease[] | undefined;
}

/** Something that lends bytes of a budget: the budget itself, or a stage with bytes of its own. */
export interface Lender {
  /** Bytes that are out. */
  readonly usedBytes: number;
  /**
   * Waits until `bytes` are free, first come, first served. What can never be free passes when nothing else can
   * move: nothing is out, or all of it is kept by those who wait. Caller releases.
   */
  acquire(bytes: number, options?: AcquireOptions): Promise<Lease>;
  /** The same without waiting: `undefined` if it would have to wait. Caller releases. */
  tryAcquire(bytes: number, options?: Omit<AcquireOptions, 'signal'>): Lease | undefined;
}

/** Bytes that are measured, not asked for: they leave less to the others. */
export interface BudgetGauge {
  readonly name: string;
  /** What it is now. */
  set(bytes: number): void;
  /** Sets it to 0 for good. */
  close(): void;
}

/** A part of a pipeline that has bytes of its own, for what it makes, and competes for the rest. */
export interface BudgetStage extends Lender {
  readonly name: string;
  readonly reservedBytes: number;
  /** Lends for what comes in: half of the reservation, and the rest. The other half is kept for what goes out. */
  readonly input: Lender;
  /** Gives the reservation to the rest. Leases stay valid. */
  close(): void;
}
