/** What one lender of a budget has out. */
export class Account {
  readonly name: string;
  reservedBytes: number;
  /** Bytes out, without an oversize item. */
  usedBytes = 0;
  /** Bytes of an item out that is larger than the account can ever get; 0 if there is none. */
  oversizeBytes = 0;
  waitingCount = 0;
  isClosed = false;

  constructor(name: string, reservedBytes: number) {
    this.name = name;
    this.reservedBytes = reservedBytes;
  }

  get heldBytes(): number {
    return this.usedBytes + this.oversizeBytes;
  }

  /** Nothing is out, nobody waits, and nobody will. */
  get isDone(): boolean {
    return this.isClosed && this.heldBytes === 0 && this.waitingCount === 0;
  }

  /** Bytes beyond the reservation, with `moreBytes` on top of what is out. */
  overdraftBytes(moreBytes = 0): number {
    return Math.max(0, this.usedBytes + moreBytes - this.reservedBytes);
  }
}
