import type { Lease } from './lease.ts';

/** A lease that was dropped without a release. */
export interface LostLease {
  readonly heldBytes: number;
  /** Who took it: the owner given to `acquire`, with the stack in debug mode. */
  readonly place: string | undefined;
}

interface Loan<Memory> extends LostLease {
  readonly memory: Memory;
}

/** Notices when the collector finds a lease that nobody gave back. */
export class LostLeases<Memory> {
  count = 0;
  readonly #registry: FinalizationRegistry<Loan<Memory>>;

  /** `retire` counts the memory of a lost lease out; `report` tells the user. */
  constructor(retire: (loan: Loan<Memory>) => void, report: (lost: LostLease) => void = warn) {
    this.#registry = new FinalizationRegistry((loan) => {
      this.count++;
      retire(loan);
      report({ heldBytes: loan.heldBytes, place: loan.place });
    });
  }

  watch(lease: Lease, loan: Loan<Memory>): void {
    this.#registry.register(lease, loan, lease);
  }

  forget(lease: Lease): void {
    this.#registry.unregister(lease);
  }
}

function warn({ heldBytes, place }: LostLease): void {
  const by = place === undefined ? '; set TIDEGATE_DEBUG=leases to see where it was taken' : `, taken by ${place}`;
  process.emitWarning(`A lease of ${heldBytes} bytes was dropped without a release${by}`, 'TidegateLeaseWarning');
}

/** `owner` and the stack behind the function that lends. */
export function placeOf(owner: string | undefined, lender: (...args: never[]) => unknown): string {
  const trace: { stack?: string } = {};
  Error.captureStackTrace(trace, lender);
  return `${owner ?? 'an unnamed owner'}${trace.stack?.slice(trace.stack.indexOf('\n')) ?? ''}`;
}
