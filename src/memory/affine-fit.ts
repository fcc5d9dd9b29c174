/** What a fit keeps between two runs. */
export interface FitState {
  /** Decayed sums over all samples: of the weights, and of weight times x, y, x², xy. */
  readonly sums: readonly number[];
  /** The last samples, oldest first: x, y, x, y ... */
  readonly last: readonly number[];
}

/** An older sample counts so much less than the one after it: half after 138. */
const DECAY = 0.995;
/** Samples of which the residuals are known: a state file stays small. */
const KEPT_COUNT = 128;
const SUM_COUNT = 5;
/** The residual that is exceeded by one sample of fifty. */
const QUANTILE = 0.98;
/** A file is like those that are at least so many times smaller. */
const LIKE = 4;
/** A line below this share of its peak would leave nothing for what every process does. */
const LEAST = 64 * 1024;

/**
 * `y = intercept + slope * x`, fitted sample by sample to the least relative error, with neither of the two below 0,
 * and how far samples lie above it.
 */
export class AffineFit {
  #sums: number[];
  #last: number[];
  #line: { intercept: number; slope: number } | undefined;
  #largest = 0;

  constructor(state?: FitState) {
    this.#sums = [...(state?.sums ?? new Array<number>(SUM_COUNT).fill(0))];
    this.#last = [...(state?.last ?? [])];
    for (let at = 0; at < this.#last.length; at += 2) this.#largest = Math.max(this.#largest, this.#last[at]!);
  }

  /** Samples that its residuals come from. */
  get count(): number {
    return this.#last.length / 2;
  }

  get line(): { readonly intercept: number; readonly slope: number } {
    this.#line ??= this.#solve();
    return this.#line;
  }

  /** The ratio to the line below which 98 of 100 samples lie: of all of them, and of those about as large as `x`. */
  marginAt(x: number): number {
    const ratios: number[] = [];
    const ofLarge: number[] = [];
    const { intercept, slope } = this.line;
    for (let at = 0; at < this.#last.length; at += 2) {
      const ratio = this.#last[at + 1]! / Math.max(LEAST, intercept + slope * this.#last[at]!);
      ratios.push(ratio);
      // Where most are small, the few that would show that the truth is no line are not among the 98.
      if (this.#last[at]! >= x / LIKE) ofLarge.push(ratio);
    }
    // Beyond what was seen there is nothing to hold the line: the further, the more, up to twice.
    const beyond = Math.min(2, Math.sqrt(Math.max(1, x / Math.max(1, this.#largest))));
    return beyond * Math.max(quantile(ratios), quantile(ofLarge));
  }

  add(x: number, y: number): void {
    const height = Math.max(LEAST, y);
    // Relative errors count, else the few large files would say all.
    const weight = 1 / height ** 2;
    const terms = [weight, weight * x, weight * height, weight * x * x, weight * x * height];
    this.#sums = this.#sums.map((sum, index) => sum * DECAY + terms[index]!);
    this.#last.push(x, height);
    this.#largest = Math.max(this.#largest, x);
    if (this.#last.length > 2 * KEPT_COUNT) this.#last.splice(0, 2);
    this.#line = undefined;
  }

  state(): FitState {
    return { sums: this.#sums, last: this.#last };
  }

  #solve(): { intercept: number; slope: number } {
    const [w = 0, x = 0, y = 0, xx = 0, xy = 0] = this.#sums;
    if (w === 0) return { intercept: 0, slope: 0 };
    const determinant = w * xx - x * x;
    // Files of one size say nothing about a slope: all is put down to it, which is safe for larger ones.
    if (!(determinant > 1e-9 * w * xx))
      return xx > 0 ? { intercept: 0, slope: xy / xx } : { intercept: y / w, slope: 0 };
    const slope = (w * xy - x * y) / determinant;
    if (slope < 0) return { intercept: y / w, slope: 0 };
    const intercept = (y - slope * x) / w;
    return intercept < 0 ? { intercept: 0, slope: xy / xx } : { intercept, slope };
  }
}

/** The quantile of the next one, not of those seen: of 20 samples the largest is exceeded once in 21 times. */
function quantile(ratios: number[]): number {
  ratios.sort((a, b) => a - b);
  return ratios[Math.min(ratios.length, Math.ceil((ratios.length + 1) * QUANTILE)) - 1] ?? 1;
}

/** Whether `value`, from a file, can be the state of a fit. */
export function isFitState(value: unknown): value is FitState {
  const { sums, last } = (value ?? {}) as Partial<FitState>;
  const isNumbers = (list: unknown) =>
    Array.isArray(list) && list.every((each) => typeof each === 'number' && Number.isFinite(each) && each >= 0);
  return isNumbers(sums) && isNumbers(last) && sums!.length === SUM_COUNT && last!.length % 2 === 0;
}
