import { nonNegativeInteger } from '../options.ts';
import type { Account } from './account.ts';
import { type Lease, releasedLease } from './lease.ts';
import { type LoanToken, type LostLease, LostLeases } from './lost-leases.ts';

interface Waiter {
  readonly account: Account;
  readonly bytes: number;
  readonly owner: string | undefined;
  readonly grant: (lease: Lease) => void;
}

/** Bytes that are out; the object serves one lease after another. */
interface Loan {
  account: Account | undefined;
  heldBytes: number;
  isOversize: boolean;
  place: string | undefined;
}

type Token = LoanToken<Loan>;

/** Who has how much of a limit, and who waits for more. */
export class Ledger {
  readonly limitBytes: number;
  readonly accounts: Set<Account> = new Set();
  usedBytes = 0;
  peakBytes = 0;
  readonly #lost: LostLeases<Loan>;
  readonly #idleTokens: Token[] = [];
  readonly #waiters = new Set<Waiter>();
  #hasOversize = false;

  constructor(limitBytes: number, onLost?: (lost: LostLease) => void) {
    this.limitBytes = limitBytes;
    this.#lost = new LostLeases((loan) => {
      this.#countOut(loan);
      this.serve();
    }, onLost);
  }

  get waitingCount(): number {
    return this.#waiters.size;
  }

  get lostCount(): number {
    return this.#lost.count;
  }

  /** What no account has reserved. */
  get sharedBytes(): number {
    let bytes = this.limitBytes;
    for (const { reservedBytes } of this.accounts) bytes -= reservedBytes;
    return bytes;
  }

  tryAcquire(account: Account, bytes: number, owner: string | undefined): Lease | undefined {
    nonNegativeInteger('bytes', bytes);
    const needsShared = account.overdraftBytes(bytes) > 0;
    const isInTurn = account.waitingCount === 0 && !(needsShared && this.#waiters.size > 0);
    return isInTurn && this.#fits(account, bytes) ? this.#lend(account, bytes, owner) : undefined;
  }

  acquire(account: Account, bytes: number, owner?: string, signal?: AbortSignal): Promise<Lease> {
    signal?.throwIfAborted();
    const lease = this.tryAcquire(account, bytes, owner);
    if (lease !== undefined) return Promise.resolve(lease);
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#forget(waiter);
        reject(signal?.reason);
        this.serve();
      };
      const grant = (granted: Lease) => {
        signal?.removeEventListener('abort', onAbort);
        resolve(granted);
      };
      const waiter = { account, bytes, owner, grant };
      this.#waiters.add(waiter);
      account.waitingCount++;
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #isOversize(account: Account, bytes: number): boolean {
    return bytes > account.reservedBytes + this.sharedBytes;
  }

  #fits(account: Account, bytes: number): boolean {
    if (account.oversizeBytes > 0) return false;
    if (this.#isOversize(account, bytes)) return account.usedBytes === 0 && !this.#hasOversize;
    let usedBytes = bytes;
    let sharedBytes = account.overdraftBytes(bytes) - account.overdraftBytes();
    const needsShared = sharedBytes > 0;
    for (const each of this.accounts) {
      usedBytes += each.usedBytes;
      sharedBytes += each.overdraftBytes();
    }
    return usedBytes <= this.limitBytes && !(needsShared && sharedBytes > this.sharedBytes);
  }

  #lend(account: Account, bytes: number, owner: string | undefined): Lease {
    this.accounts.add(account); // a closed stage may still lend
    const isOversize = this.#isOversize(account, bytes);
    if (isOversize) {
      account.oversizeBytes = bytes;
      this.#hasOversize = true;
    } else account.usedBytes += bytes;
    this.usedBytes += bytes;
    this.peakBytes = Math.max(this.peakBytes, this.usedBytes);
    const token = this.#idleTokens.pop() ?? this.#lost.watch({ account, heldBytes: 0, isOversize, place: undefined });
    const { loan } = token;
    loan.account = account;
    loan.heldBytes = bytes;
    loan.isOversize = isOversize;
    loan.place = owner ?? (account.name || undefined);
    return new BudgetLease(this.#takeBack, token);
  }

  readonly #takeBack = (token: Token): void => {
    this.#countOut(token.loan);
    token.loan.account = undefined;
    this.#idleTokens.push(token);
    this.serve();
  };

  #countOut({ account, heldBytes, isOversize }: Loan): void {
    if (isOversize) {
      account!.oversizeBytes = 0;
      this.#hasOversize = false;
    } else account!.usedBytes -= heldBytes;
    this.usedBytes -= heldBytes;
  }

  #forget(waiter: Waiter): void {
    if (this.#waiters.delete(waiter)) waiter.account.waitingCount--;
  }

  /** Lets in whoever can be: in their order, but past those that wait for what they do not need. */
  serve(): void {
    const stuck = new Set<Account>();
    let isSharedTaken = false;
    for (const waiter of this.#waiters) {
      const { account, bytes, owner } = waiter;
      const needsShared = account.overdraftBytes(bytes) > 0;
      if (stuck.has(account) || (needsShared && isSharedTaken) || !this.#fits(account, bytes)) {
        stuck.add(account);
        isSharedTaken ||= needsShared;
        if (isSharedTaken && stuck.size === this.accounts.size) break;
        continue;
      }
      this.#forget(waiter);
      waiter.grant(this.#lend(account, bytes, owner));
    }
    for (const account of this.accounts) if (account.isDone) this.accounts.delete(account);
  }
}

class BudgetLease implements Lease {
  readonly heldBytes: number;
  readonly #takeBack: (token: Token) => void;
  /** Who had it, for the errors after the release. */
  #place: string | undefined;
  #token: Token | undefined;

  constructor(takeBack: (token: Token) => void, token: Token) {
    this.heldBytes = token.loan.heldBytes;
    this.#takeBack = takeBack;
    this.#token = token;
  }

  release(): void {
    const token = this.#token;
    if (token === undefined) throw releasedLease('release', this.heldBytes, this.#place);
    this.#token = undefined;
    this.#place = token.loan.place;
    this.#takeBack(token);
  }
}
