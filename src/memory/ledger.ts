import { nonNegativeInteger } from '../options.ts';
import type { Account, Lane } from './account.ts';
import { BudgetLease, budgetLeases, type Loan } from './budget-lease.ts';
import type { Lease } from './lease.ts';
import type { AcquireOptions } from './lender.ts';
import { type LoanToken, type LostLease, LostLeases } from './lost-leases.ts';
import { PeakMarks } from './peak-marks.ts';
import { type Waiter, WaitingLine } from './waiting-line.ts';

type Token = LoanToken<Loan>;

function sum(accounts: Iterable<Account>, of: 'reservedBytes' | 'aloneBytes'): number {
  let bytes = 0;
  for (const account of accounts) bytes += account[of];
  return bytes;
}

/** Who has how much of a limit, and who waits for more. */
export class Ledger {
  readonly limitBytes: number;
  readonly accounts: Set<Account> = new Set();
  /** Bytes that are out, with those that are only reported. */
  usedBytes = 0;
  readonly peaks: PeakMarks = new PeakMarks();
  /** Leases that were given above a share or the limit, because nothing else could move. */
  aloneCount = 0;
  #reportedBytes = 0;
  /** How many of them are out. */
  #aloneOut = 0;
  readonly #lost: LostLeases<Loan>;
  readonly #idleTokens: Token[] = [];
  readonly #line: WaitingLine = new WaitingLine();

  constructor(limitBytes: number, onLost?: (lost: LostLease) => void) {
    this.limitBytes = limitBytes;
    this.#lost = new LostLeases((loan) => {
      this.#countOut(loan);
      this.serve();
    }, onLost);
  }

  /** Bytes of those that are out. */
  get aloneBytes(): number {
    return sum(this.accounts, 'aloneBytes');
  }

  get waitingCount(): number {
    return this.#line.length;
  }

  get lostCount(): number {
    return this.#lost.count;
  }

  /** What no account has reserved. */
  get sharedBytes(): number {
    return this.limitBytes - sum(this.accounts, 'reservedBytes');
  }

  /** Bytes that nobody asks for: they are there, and leave less to the others. */
  report(moreBytes: number): void {
    this.#reportedBytes += moreBytes;
    this.#count(moreBytes);
    if (this.#line.length > 0) this.serve();
  }

  tryAcquire(lane: Lane, bytes: number, claim: AcquireOptions): Lease | undefined {
    nonNegativeInteger('bytes', bytes);
    const isHolder = (claim.holding?.length ?? 0) > 0;
    const isInTurn = this.#line.length === 0 || this.#isInTurn(lane, bytes, isHolder);
    if (isInTurn && this.#fits(lane, bytes, isHolder)) return this.#lend(lane, bytes, claim.owner, false);
    const isFree = this.#line.length === 0 && !isHolder && this.usedBytes === this.#reportedBytes;
    return isFree && this.#aloneOut === 0 ? this.#lend(lane, bytes, claim.owner, true) : undefined;
  }

  acquire(lane: Lane, bytes: number, claim: AcquireOptions): Promise<Lease> {
    const { signal, owner } = claim;
    signal?.throwIfAborted();
    const lease = this.tryAcquire(lane, bytes, claim);
    if (lease !== undefined) return Promise.resolve(lease);
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#line.leave(waiter);
        reject(signal?.reason);
        this.serve();
      };
      const grant = (granted: Lease) => {
        signal?.removeEventListener('abort', onAbort);
        resolve(granted);
      };
      const waiter = { lane, bytes, owner, holding: budgetLeases(claim.holding), grant };
      this.#line.join(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#moveOne();
    });
  }

  /** Nobody before it waits for the same. */
  #isInTurn(lane: Lane, bytes: number, isHolder: boolean): boolean {
    if (lane.waitingCount > 0) return false;
    const needsShared = lane.needsShared(bytes);
    for (const waiter of this.#line) {
      if (needsShared && waiter.lane.needsShared(waiter.bytes)) return false;
      if (!isHolder && this.#isOversize(waiter.lane, waiter.bytes)) return false;
    }
    return true;
  }

  #isOversize(lane: Lane, bytes: number): boolean {
    return bytes > lane.shareBytes + this.sharedBytes;
  }

  #fits(lane: Lane, bytes: number, isHolder: boolean): boolean {
    // While something passes alone no new work begins; what has begun goes on to its end.
    if (this.#aloneOut > 0 && !isHolder) return false;
    let usedBytes = this.#reportedBytes + bytes;
    const moreBytes = lane.moreOverdraftBytes(bytes);
    let sharedBytes = moreBytes;
    for (const each of this.accounts) {
      usedBytes += each.usedBytes;
      sharedBytes += each.overdraftBytes();
    }
    return usedBytes <= this.limitBytes && !(moreBytes > 0 && sharedBytes > this.sharedBytes);
  }

  #lend(lane: Lane, bytes: number, owner: string | undefined, isAlone: boolean): Lease {
    const { account } = lane;
    this.accounts.add(account); // a closed stage may still lend
    if (isAlone) {
      account.aloneBytes += bytes;
      this.#aloneOut++;
      this.aloneCount++;
    } else lane.usedBytes += bytes;
    this.#count(bytes);
    const token = this.#idleTokens.pop() ?? this.#lost.watch({ lane, heldBytes: 0, isAlone, place: undefined });
    const { loan } = token;
    loan.lane = lane;
    loan.heldBytes = bytes;
    loan.isAlone = isAlone;
    loan.place = owner ?? (account.name || undefined);
    return new BudgetLease(this.#takeBack, token);
  }

  #count(bytes: number): void {
    this.usedBytes += bytes;
    if (bytes > 0) this.peaks.note(this.usedBytes);
  }

  readonly #takeBack = (token: Token): void => {
    this.#countOut(token.loan);
    token.loan.lane = undefined;
    this.#idleTokens.push(token);
    this.serve();
  };

  #countOut({ lane, heldBytes, isAlone }: Loan): void {
    if (isAlone) {
      lane!.account.aloneBytes -= heldBytes;
      this.#aloneOut--;
    } else lane!.usedBytes -= heldBytes;
    this.usedBytes -= heldBytes;
  }

  /** Lets in whoever can be: in their order, but past those that wait for what they do not need. */
  serve(): void {
    const stuck = new Set<Lane>();
    let isSharedTaken = false;
    let isEntryShut = false;
    for (const waiter of this.#line) {
      const { lane, bytes, owner } = waiter;
      const isHolder = waiter.holding.length > 0;
      const needsShared = lane.needsShared(bytes);
      const isBlocked = stuck.has(lane) || (needsShared && isSharedTaken) || (isEntryShut && !isHolder);
      if (isBlocked || !this.#fits(lane, bytes, isHolder)) {
        stuck.add(lane);
        isSharedTaken ||= needsShared;
        isEntryShut ||= this.#isOversize(lane, bytes);
        if (isSharedTaken && stuck.size === 2 * this.accounts.size) break;
        continue;
      }
      this.#line.leave(waiter);
      waiter.grant(this.#lend(lane, bytes, owner, false));
    }
    this.#moveOne();
    for (const account of this.accounts) if (account.isDone) this.accounts.delete(account);
  }

  /** If everything that is out is kept by those who wait, nothing would ever move: then one of them passes. */
  #moveOne(): void {
    if (this.#line.length === 0) return;
    const movingBytes = this.usedBytes - this.#reportedBytes - this.#line.parkedBytes();
    if (movingBytes > 0) return;
    const isEligible = ({ holding }: Waiter) => this.#aloneOut === 0 || holding.some(({ loan }) => loan?.isAlone);
    const waiter = this.#line.chosen(isEligible);
    if (waiter === undefined) return;
    this.#line.leave(waiter);
    waiter.grant(this.#lend(waiter.lane, waiter.bytes, waiter.owner, true));
  }
}
