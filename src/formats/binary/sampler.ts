import type { Json } from '../../records.ts';
import type { Recorder } from '../recorder.ts';
import { ByteStatistics } from './byte-statistics.ts';

/** Cuts the input into samples of equal size, whatever the pieces it comes in, and records each. */
export class Sampler {
  readonly #sampleBytes: number;
  readonly #hasHistogram: boolean;
  readonly #out: Recorder;
  readonly #statistics = new ByteStatistics();
  #index = 0;

  constructor(sampleBytes: number, hasHistogram: boolean, out: Recorder) {
    this.#sampleBytes = sampleBytes;
    this.#hasHistogram = hasHistogram;
    this.#out = out;
  }

  /** Takes the next piece; yields whenever the batch of records is full. */
  *add(bytes: Buffer): Generator<void, void, void> {
    let start = 0;
    while (start < bytes.length) {
      const missingBytes = this.#sampleBytes - this.#statistics.totalBytes;
      const end = Math.min(bytes.length, start + missingBytes);
      this.#statistics.add(bytes.subarray(start, end));
      start = end;
      if (this.#statistics.totalBytes === this.#sampleBytes) this.#record();
      if (this.#out.isFull) yield;
    }
  }

  /** Records the last sample, which may be shorter than the others. */
  end(): void {
    if (this.#statistics.totalBytes > 0) this.#record();
  }

  #record(): void {
    const length = this.#statistics.totalBytes;
    // `Infinity * 0` is no offset: the one sample of the whole input starts at 0.
    const offset = this.#index === 0 ? 0 : this.#index * this.#sampleBytes;
    this.#out.sample({ path: '', index: this.#index++, offset, length, value: this.#value() });
    this.#statistics.reset();
  }

  #value(): Json {
    const summary = this.#statistics.summary();
    return this.#hasHistogram ? { ...summary, histogram: Array.from(this.#statistics.histogram()) } : summary;
  }
}
