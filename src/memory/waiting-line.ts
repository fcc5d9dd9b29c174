import type { Lane } from './account.ts';
import type { BudgetLease } from './budget-lease.ts';
import type { Lease } from './lease.ts';

/** A call of `acquire` that waits. */
export interface Waiter {
  readonly lane: Lane;
  readonly bytes: number;
  readonly owner: string | undefined;
  /** Leases that it keeps while it waits. */
  readonly holding: readonly BudgetLease[];
  readonly grant: (lease: Lease) => void;
}

/** Those who wait, in the order in which they came. */
export class WaitingLine {
  readonly #waiters = new Set<Waiter>();
  #holderCount = 0;

  get length(): number {
    return this.#waiters.size;
  }

  [Symbol.iterator](): Iterator<Waiter> {
    return this.#waiters.values();
  }

  join(waiter: Waiter): void {
    this.#waiters.add(waiter);
    waiter.lane.waitingCount++;
    if (waiter.holding.length > 0) this.#holderCount++;
  }

  leave(waiter: Waiter): void {
    if (!this.#waiters.delete(waiter)) return;
    waiter.lane.waitingCount--;
    if (waiter.holding.length > 0) this.#holderCount--;
  }

  /** Bytes that are out and cannot come back before somebody here gets on. */
  parkedBytes(): number {
    if (this.#holderCount === 0) return 0;
    const leases = new Set([...this.#waiters].flatMap(({ holding }) => holding));
    let bytes = 0;
    for (const lease of leases) if (lease.loan !== undefined) bytes += lease.heldBytes;
    return bytes;
  }

  /** Who is to go on if nobody fits: the first that keeps something, for then it comes back; else the first. */
  chosen(isEligible: (waiter: Waiter) => boolean): Waiter | undefined {
    let first: Waiter | undefined;
    for (const waiter of this.#waiters) {
      if (!isEligible(waiter)) continue;
      if (waiter.holding.length > 0) return waiter;
      first ??= waiter;
    }
    return first;
  }
}
