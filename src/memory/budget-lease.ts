import type { Lane } from './account.ts';
import { type Lease, releasedLease } from './lease.ts';
import type { LoanToken } from './lost-leases.ts';

/** Bytes that are out; the object serves one lease after another. */
export interface Loan {
  lane: Lane | undefined;
  heldBytes: number;
  /** Given above a share or the limit, because nothing else could move. */
  isAlone: boolean;
  place: string | undefined;
}

/** Bytes of a ledger, until they are released. */
export class BudgetLease implements Lease {
  readonly heldBytes: number;
  readonly #takeBack: (token: LoanToken<Loan>) => void;
  /** Who had it, for the errors after the release. */
  #place: string | undefined;
  #token: LoanToken<Loan> | undefined;

  constructor(takeBack: (token: LoanToken<Loan>) => void, token: LoanToken<Loan>) {
    this.heldBytes = token.loan.heldBytes;
    this.#takeBack = takeBack;
    this.#token = token;
  }

  /** The loan behind it; `undefined` once it is released. */
  get loan(): Loan | undefined {
    return this.#token?.loan;
  }

  release(): void {
    const token = this.#token;
    if (token === undefined) throw releasedLease('release', this.heldBytes, this.#place);
    this.#token = undefined;
    this.#place = token.loan.place;
    this.#takeBack(token);
  }
}

const NONE: readonly BudgetLease[] = [];

/** Those of `leases` that are of a budget. */
export function budgetLeases(leases: readonly Lease[] | undefined): readonly BudgetLease[] {
  return leases === undefined ? NONE : leases.filter((lease) => lease instanceof BudgetLease);
}
