/** Looks without a fall after which waiting is in vain: 1 s, if one comes every 20 ms. */
const LOOKS = 50;
/** What falls by less has not fallen. */
const LEAST_FALL: number = 1 / 64;
/** So much more than what it was given up at is worth another wait. */
const REGROWTH = 1.25;

/** Tells when it is no use to wait for memory: RSS stays where it is, whatever was collected and given back. */
export class Patience {
  #lowestBytes: number = Number.POSITIVE_INFINITY;
  #looks = 0;
  #gaveUpAtBytes: number | undefined;

  /** Another look, while sources wait. `true` if waiting is in vain from now on. */
  look(rssBytes: number): boolean {
    if (rssBytes < this.#lowestBytes * (1 - LEAST_FALL)) {
      this.#lowestBytes = rssBytes;
      this.#looks = 0;
    }
    if (++this.#looks <= LOOKS) return false;
    this.#looks = 0;
    this.#lowestBytes = Number.POSITIVE_INFINITY;
    this.#gaveUpAtBytes = rssBytes;
    return true;
  }

  /** Whether waiting was found to be in vain, for about as much memory. */
  isOutAt(rssBytes: number): boolean {
    return this.#gaveUpAtBytes !== undefined && rssBytes <= this.#gaveUpAtBytes * REGROWTH;
  }

  /** Memory is not short any more. */
  renew(): void {
    this.#lowestBytes = Number.POSITIVE_INFINITY;
    this.#looks = 0;
    this.#gaveUpAtBytes = undefined;
  }
}
