import { type Kernel, RUN_BYTES, WORDS_AT } from '../kernel/kernel.ts';

const STEP_BYTES = 16;

/** The sum of FITS 4.0 appendix J over bytes that come in pieces: 32-bit words in ones' complement. */
export class Checksum {
  readonly #kernel: Kernel;
  readonly #memory: Uint8Array;
  #filledBytes = 0;
  #sum = 0n;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#memory = new Uint8Array(kernel.memory.buffer, WORDS_AT, RUN_BYTES);
  }

  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + RUN_BYTES - this.#filledBytes);
      this.#memory.set(piece, this.#filledBytes);
      this.#filledBytes += piece.length;
      at += piece.length;
      if (this.#filledBytes === RUN_BYTES) this.#run(RUN_BYTES);
    }
  }

  /** The sum of all bytes so far, as if zeros filled the last word. */
  value(): number {
    const end = Math.ceil(this.#filledBytes / STEP_BYTES) * STEP_BYTES;
    this.#memory.fill(0, this.#filledBytes, end);
    this.#run(end);
    return Number(this.#sum);
  }

  #run(endBytes: number): void {
    let sum = this.#sum + BigInt.asUintN(64, this.#kernel.words(WORDS_AT, WORDS_AT + endBytes));
    while (sum > 0xffffffffn) sum = (sum & 0xffffffffn) + (sum >> 32n);
    this.#sum = sum;
    this.#filledBytes = 0;
  }
}

/** The sum of two parts that each are whole words. */
export function addSums(a: number, b: number): number {
  const sum = a + b;
  return sum > 0xffffffff ? sum - 0xffffffff : sum;
}
