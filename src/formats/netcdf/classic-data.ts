import { type Input, isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';

/** Reads data behind the header, forward: first what the header's window has read already, then from the input. */
export class ClassicData {
  /** The byte behind the last one that was read. */
  seenEnd = 0;
  readonly #input: Input;
  readonly #signal: AbortSignal | undefined;
  readonly #chunkBytes: number;
  readonly #heldOffset: number;
  readonly #held: Buffer;

  constructor(input: Input, signal: AbortSignal | undefined, chunkBytes: number, heldOffset: number, held: Buffer) {
    this.#input = input;
    this.#signal = signal;
    this.#chunkBytes = chunkBytes;
    this.#heldOffset = heldOffset;
    this.#held = held;
  }

  /** Fills `target` with the bytes at `offset`. `ERR_TRUNCATED_INPUT` if there are fewer. */
  async read(offset: number, target: Buffer): Promise<void> {
    const heldAt = offset - this.#heldOffset;
    let done = heldAt < this.#held.length ? this.#held.copy(target, 0, heldAt) : 0;
    while (done < target.length) {
      const wantedBytes = Math.min(this.#chunkBytes, target.length - done);
      const pending = this.#input.read(offset + done, wantedBytes, this.#signal);
      const chunk = isPromise(pending) ? await pending : pending;
      const gotBytes = chunk.bytes.copy(target, done);
      chunk.release();
      if (gotBytes === 0) throw this.#truncated(offset + done);
      done += gotBytes;
    }
    this.seenEnd = offset + done;
  }

  #truncated(offset: number): TidegateError {
    const message = `Cannot read the values of a variable: input ends at byte ${offset}`;
    return new TidegateError('ERR_TRUNCATED_INPUT', message, { file: this.#input.name, offset });
  }
}
