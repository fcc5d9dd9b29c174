/** Reads bits from the most significant on. Behind the end all bits are 0, and {@link isOverrun} tells. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** More bits were taken than there are. */
  get isOverrun(): boolean {
    return this.#position > this.#bytes.length * 8;
  }

  /** The next bits as an unsigned number. */
  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.#position++) {
      const byte = this.#bytes[this.#position >> 3] ?? 0;
      value = value * 2 + ((byte >> (7 - (this.#position & 7))) & 1);
    }
    return value;
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  skip(count: number): void {
    this.#position += count;
  }

  /** ITU-T H.264 9.1: an unsigned Exp-Golomb code; at most 32 zeros in front. */
  exponential(): number {
    let zeros = 0;
    while (zeros < 32 && !this.flag()) zeros++;
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  /** Signed: 0, 1, -1, 2, -2 ... */
  signedExponential(): number {
    const code = this.exponential();
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2;
  }
}
