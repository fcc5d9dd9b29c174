import { TidegateError } from '../../errors.ts';
import { MiB } from '../../units.ts';

/** Below this many decoded bytes no ratio is suspicious: a chunk of zeros shrinks to a thousandth. */
const FREE_BYTES: number = 64 * MiB;

/** Counts what the chunks of one file were inflated to. */
export class InflateBudget {
  readonly #maxRatio: number;
  readonly #maxBytes: number;
  #storedBytes = 0;
  #decodedBytes = 0;

  constructor(maxRatio: number, maxBytes: number) {
    this.#maxRatio = maxRatio;
    this.#maxBytes = maxBytes;
  }

  /** `ERR_LIMIT` beyond `maxInflateBytes`, and, once 64 MiB have come, beyond `maxInflateRatio`. */
  spend(storedBytes: number, decodedBytes: number): void {
    this.#storedBytes += storedBytes;
    this.#decodedBytes += decodedBytes;
    if (this.#decodedBytes > this.#maxBytes) this.#refuse('maxInflateBytes', this.#maxBytes);
    const isTooDense = this.#decodedBytes > this.#maxRatio * this.#storedBytes;
    if (isTooDense && this.#decodedBytes > FREE_BYTES) this.#refuse('maxInflateRatio', this.#maxRatio);
  }

  #refuse(limit: string, value: number): never {
    const message = `Cannot inflate more: ${this.#storedBytes} bytes became ${this.#decodedBytes}, ${limit} is ${value}`;
    throw new TidegateError('ERR_LIMIT', message, { limit });
  }
}
