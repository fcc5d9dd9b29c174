/** A lease that was dropped without a release. */
export interface LostLease {
  readonly heldBytes: number;
  /** Who took it: the owner given to `acquire`, with the stack in debug mode. */
  readonly place: string | undefined;
}

/** How many leases were lost that the same place took, and their bytes. */
export interface LostLeaseCount {
  /** Who took them: the owner given to `acquire`, with the stack in debug mode. */
  readonly place: string;
  readonly count: number;
  readonly heldBytes: number;
}

const MAX_PLACES = 100;
const places: Map<string, { count: number; heldBytes: number }> = new Map();

/** All leases of this process that the collector found dropped without a release, by who took them, most bytes first. */
export function lostLeases(): readonly LostLeaseCount[] {
  return [...places].map(([place, lost]) => ({ place, ...lost })).sort((a, b) => b.heldBytes - a.heldBytes);
}

function tally({ heldBytes, place = 'an unnamed owner' }: LostLease): void {
  const known = places.get(place) ?? { count: 0, heldBytes: 0 };
  known.count++;
  known.heldBytes += heldBytes;
  if (places.size < MAX_PLACES) places.set(place, known);
}

/** Held by the lease that is out and by nothing else: when the collector finds it, that lease was dropped. */
export class LoanToken<Loan> {
  readonly loan: Loan;

  constructor(loan: Loan) {
    this.loan = loan;
  }
}

/**
 * Notices leases that nobody gave back. A token is watched once and serves one lease after another: to register each
 * lease costs as much as all the rest of it, and fills the heap with the registry's cells.
 */
export class LostLeases<Loan extends LostLease> {
  count = 0;
  readonly #registry: FinalizationRegistry<Loan>;

  /** `retire` counts a lost loan out; `report` tells the user. */
  constructor(retire: (loan: Loan) => void, report: (lost: LostLease) => void = warn) {
    this.#registry = new FinalizationRegistry((loan) => {
      this.count++;
      retire(loan);
      tally(loan);
      report({ heldBytes: loan.heldBytes, place: loan.place });
    });
  }

  /** A token for leases of `loan`, to be kept while none is out, and forgotten for good by `forget`. */
  watch(loan: Loan): LoanToken<Loan> {
    const token = new LoanToken(loan);
    this.#registry.register(token, loan, token);
    return token;
  }

  /** The token serves no further lease. */
  forget(token: LoanToken<Loan>): void {
    this.#registry.unregister(token);
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
