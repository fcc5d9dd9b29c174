import { TidegateError } from '../errors.ts';
import { nonNegativeInteger, positiveInteger } from '../options.ts';
import { MiB } from '../units.ts';
import { AffineFit, type FitState, isFitState } from './affine-fit.ts';

/** What a piece of work will take, as far as is known. */
export interface Prediction {
  /** The kind of work: a format, and how it is read. */
  readonly name: string;
  readonly fileBytes: number;
  /** To be set aside: `(interceptBytes + bytesPerByte * fileBytes) * marginRatio`. */
  readonly peakBytes: number;
  /** What a file of no length takes. */
  readonly interceptBytes: number;
  /** What each byte of the file adds. */
  readonly bytesPerByte: number;
  /** For what files of this size differ by: of 100 that were seen, 98 take less. Larger beyond the largest of them. */
  readonly marginRatio: number;
  /** How many files it comes from: the last 128 at most. */
  readonly samples: number;
  /** `false`: there were too few, and this is a guess for files that nobody has seen. */
  readonly isLearned: boolean;
}

/** What a file takes while nobody knows. */
export interface PeakGuess {
  readonly interceptBytes: number;
  readonly bytesPerByte: number;
}

/** Options for {@link Advisor}. */
export interface AdvisorOptions {
  /** A guess for names with fewer than `minSamples`. @defaultValue 30 MiB and 3 bytes for each of the file */
  readonly guess?: PeakGuess | undefined;
  /** Files of a name after which it is believed what they took. @defaultValue 5 */
  readonly minSamples?: number | undefined;
}

/** What {@link Advisor.toJSON} gives, and its constructor takes back. */
export interface AdvisorState {
  readonly version: 1;
  readonly fits: Readonly<Record<string, FitState>>;
}

/** Names that are remembered: whoever makes one up for each file must not fill the memory that is to be saved. */
const MAX_NAMES = 256;

/**
 * Learns how much memory files take, for each kind of work, and predicts the next. The line through what was seen is
 * fitted anew with each file; `toJSON` gives 2 KB a name, which `readAdvisor` and `writeAdvisor` keep in a file.
 *
 * @example
 * ```ts
 * const advisor = new Advisor();
 * advisor.observe('dicom', 4 * MiB, 21 * MiB);
 * console.log(advisor.predict('dicom', 100 * MiB).peakBytes);
 * ```
 */
export class Advisor {
  readonly #guess: PeakGuess;
  readonly #minSamples: number;
  readonly #fits: Map<string, AffineFit> = new Map();
  #observed = 0;

  constructor(options: AdvisorOptions = {}, state?: unknown) {
    this.#guess = options.guess ?? { interceptBytes: 30 * MiB, bytesPerByte: 3 };
    this.#minSamples = positiveInteger('minSamples', options.minSamples ?? 5);
    if (state === undefined) return;
    for (const [name, fit] of Object.entries(fitsOf(state))) this.#fits.set(name, new AffineFit(fit));
  }

  /** What a file of `fileBytes` will take (`Infinity`: of unknown size); `guess` goes before that of the options. */
  predict(name: string, fileBytes: number, guess: PeakGuess = this.#guess): Prediction {
    const fit = this.#fits.get(name);
    const samples = fit?.count ?? 0;
    const isLearned = fit !== undefined && samples >= this.#minSamples;
    const interceptBytes = isLearned ? fit.line.intercept : guess.interceptBytes;
    const bytesPerByte = isLearned ? fit.line.slope : guess.bytesPerByte;
    const marginRatio = isLearned ? fit.marginAt(fileBytes) : 1;
    const ofBytes = bytesPerByte === 0 ? 0 : bytesPerByte * fileBytes;
    const peakBytes = Math.ceil((interceptBytes + ofBytes) * marginRatio);
    return { name, fileBytes, peakBytes, interceptBytes, bytesPerByte, marginRatio, samples, isLearned };
  }

  /** How many files it has heard of in its life: while that is the same, so is what it predicts. */
  get observed(): number {
    return this.#observed;
  }

  /** A file of `fileBytes` took `peakBytes`. Of one that was killed: at least what it had by then. */
  observe(name: string, fileBytes: number, peakBytes: number): void {
    nonNegativeInteger('fileBytes', fileBytes);
    nonNegativeInteger('peakBytes', Math.ceil(peakBytes));
    if (!Number.isFinite(fileBytes + peakBytes)) return; // a size that is not known teaches nothing
    let fit = this.#fits.get(name);
    if (fit === undefined) {
      if (this.#fits.size >= MAX_NAMES) this.#fits.delete(this.#fits.keys().next().value!);
      fit = new AffineFit();
      this.#fits.set(name, fit);
    }
    fit.add(fileBytes, peakBytes);
    this.#observed++;
  }

  /** What it knows of each name, in the order in which they came up. */
  explain(): readonly Prediction[] {
    return [...this.#fits.keys()].map((name) => this.predict(name, 0));
  }

  /** For `JSON.stringify`. */
  toJSON(): AdvisorState {
    const fits = [...this.#fits].map(([name, fit]) => [name, fit.state()] as const);
    // not an object literal: a name may be `__proto__`
    return { version: 1, fits: Object.fromEntries(fits) };
  }
}

function fitsOf(state: unknown): Readonly<Record<string, FitState>> {
  const { version, fits } = (state ?? {}) as Partial<AdvisorState>;
  const isKnown = version === 1 && typeof fits === 'object' && fits !== null;
  if (isKnown && Object.values(fits).every(isFitState)) return fits;
  throw new TidegateError('ERR_OPTION', 'Cannot use this as the state of an advisor: it was not made by one');
}
