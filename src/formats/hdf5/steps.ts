import { TidegateError } from '../../errors.ts';

/**
 * An iteration in steps: call `file.run(() => steps.next())` until it gives `undefined`. An empty array is no end:
 * that step had something else to read. After a `TidegateError` it can be called again: it goes on behind what
 * could not be read, or ends. So a loop over `next` always ends.
 */
export interface Steps<T> {
  next(): readonly T[] | undefined;
}

/** One array after the other. */
export class ChainedSteps<T> implements Steps<T> {
  readonly #parts: readonly Steps<T>[];
  #index = 0;

  constructor(parts: readonly Steps<T>[]) {
    this.#parts = parts;
  }

  next(): readonly T[] | undefined {
    const part = this.#parts[this.#index];
    if (!part) return undefined;
    const batch = part.next();
    if (batch) return batch;
    this.#index++;
    return [];
  }
}

/** Sources made into values, `perStep` of them a step. `make` may be a step. */
export class MappedSteps<S, T> implements Steps<T> {
  readonly #sources: readonly S[];
  readonly #make: (source: S) => T;
  readonly #perStep: number;
  #index = 0;

  constructor(sources: readonly S[], make: (source: S) => T, perStep = 16) {
    this.#sources = sources;
    this.#make = make;
    this.#perStep = perStep;
  }

  next(): readonly T[] | undefined {
    if (this.#index >= this.#sources.length) return undefined;
    const batch: T[] = [];
    const end = Math.min(this.#index + this.#perStep, this.#sources.length);
    for (let index = this.#index; index < end; index++) {
      try {
        batch.push(this.#make(this.#sources[index]!));
      } catch (error) {
        if (!(error instanceof TidegateError)) throw error;
        if (batch.length > 0) break;
        this.#index++;
        throw error;
      }
    }
    this.#index += batch.length;
    return batch;
  }
}

/** Up to `maxCount` values in the order of `compare`; more than that pass as they come. */
export class SortedSteps<T> implements Steps<T> {
  readonly #source: Steps<T>;
  readonly #compare: (a: T, b: T) => number;
  readonly #maxCount: number;
  #held: T[] | undefined = [];

  constructor(source: Steps<T>, compare: (a: T, b: T) => number, maxCount: number) {
    this.#source = source;
    this.#compare = compare;
    this.#maxCount = maxCount;
  }

  next(): readonly T[] | undefined {
    const batch = this.#source.next();
    const held = this.#held;
    if (!held) return batch;
    if (batch) {
      for (const value of batch) held.push(value);
      if (held.length <= this.#maxCount) return [];
    } else held.sort(this.#compare);
    this.#held = undefined;
    return held;
  }
}

/** The steps of `source` up to its first error. */
export class UntilErrorSteps<T> implements Steps<T> {
  readonly #source: Steps<T>;
  #isOver = false;

  constructor(source: Steps<T>) {
    this.#source = source;
  }

  next(): readonly T[] | undefined {
    if (this.#isOver) return undefined;
    try {
      return this.#source.next();
    } catch (error) {
      if (error instanceof TidegateError) this.#isOver = true;
      throw error;
    }
  }
}
