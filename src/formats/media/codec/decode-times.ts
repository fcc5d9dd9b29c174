/**
 * Decode times for a container that stores presentation times alone: with `depth` pictures held back, a packet is
 * decoded when the earliest of the last `depth + 1` is shown. Holds `depth` numbers.
 */
export class DecodeTimes {
  readonly #depth: number;
  /** Presentation times that are waiting, in order. */
  readonly #waiting: number[] = [];
  readonly #firstLead: number | undefined;

  /** `firstLead`: how long before it is shown the first packet is decoded, where that is known. */
  constructor(depth: number, firstLead?: number) {
    this.#depth = depth;
    this.#firstLead = firstLead;
  }

  /** The decode time of the next packet; `undefined` for the first `depth` ones, unless their lead is known. */
  next(presentationTime: number): number | undefined {
    const waiting = this.#waiting;
    const isFirst = waiting.length === 0 && this.#depth > 0;
    let at = waiting.length;
    while (at > 0 && waiting[at - 1]! > presentationTime) at--;
    waiting.splice(at, 0, presentationTime);
    if (waiting.length > this.#depth) return waiting.shift();
    return isFirst && this.#firstLead !== undefined ? presentationTime - this.#firstLead : undefined;
  }
}
