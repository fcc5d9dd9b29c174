/** What one lender of a budget has out: bytes for what comes in, and bytes for what goes out. */
export class Account {
  readonly name: string;
  reservedBytes: number;
  readonly input: Lane = new Lane(this, false);
  readonly output: Lane = new Lane(this, true);
  /** Bytes that passed because nothing else could move; they count beside the shares, not in them. */
  aloneBytes = 0;
  isClosed = false;

  constructor(name: string, reservedBytes: number) {
    this.name = name;
    this.reservedBytes = reservedBytes;
  }

  get usedBytes(): number {
    return this.input.usedBytes + this.output.usedBytes;
  }

  get heldBytes(): number {
    return this.usedBytes + this.aloneBytes;
  }

  /** Nothing is out, nobody waits, and nobody will. */
  get isDone(): boolean {
    return this.isClosed && this.heldBytes === 0 && this.input.waitingCount + this.output.waitingCount === 0;
  }

  /** What input may have of the reservation: the other half is kept for output. */
  get inputShareBytes(): number {
    return Math.ceil(this.reservedBytes / 2);
  }

  /** Bytes beyond the reservation, with `moreBytes` in `lane` on top of what is out. */
  overdraftBytes(lane?: Lane, moreBytes = 0): number {
    const inputBytes = this.input.usedBytes + (lane === this.input ? moreBytes : 0);
    const outputBytes = this.output.usedBytes + (lane === this.output ? moreBytes : 0);
    const ownBytes = Math.min(this.reservedBytes, Math.min(inputBytes, this.inputShareBytes) + outputBytes);
    return inputBytes + outputBytes - ownBytes;
  }
}

/** One of the two ways through an account; each has a queue of its own. */
export class Lane {
  readonly account: Account;
  readonly isOutput: boolean;
  /** Bytes out, without those that passed alone. */
  usedBytes = 0;
  waitingCount = 0;

  constructor(account: Account, isOutput: boolean) {
    this.account = account;
    this.isOutput = isOutput;
  }

  /** The most of the reservation that it can have. */
  get shareBytes(): number {
    return this.isOutput ? this.account.reservedBytes : this.account.inputShareBytes;
  }

  /** What `bytes` more would take of what nobody has reserved. */
  moreOverdraftBytes(bytes: number): number {
    return this.account.overdraftBytes(this, bytes) - this.account.overdraftBytes();
  }

  needsShared(bytes: number): boolean {
    return this.moreOverdraftBytes(bytes) > 0;
  }
}
