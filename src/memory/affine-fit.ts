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
/** A line below this share of its peak would leave nothing for what every process does. */
const LEAST = 64 * 1024;

/**
 * `y = intercept + slope * x`, fitted sample by sample to the least relative error, with neither of the two below 0,
 * and how far samples lie above it.
 */
export class AffineFit {
  #sums: number[];
  #last: number[];
  #line: { intercept: number; slope: number; marginRatio: number } | undefined;

  constructor(state?: FitState) {
    this.#sums = [...(state?.sums ?? new Array<number>(SUM_COUNT).fill(0))];
    this.#last = [...(state?.last ?? [])];
  }

  /** Samples that its residuals come from. */
  get count(): number {
    return this.#last.length / 2;
  }

  /** The line, and the ratio to it below which 98 of 100 samples lie. */
  get line(): { readonly intercept: number; readonly slope: number; readonly marginRatio: number } {
    this.#line ??= this.#solve();
    return this.#line;
  }

  add(x: number, y: number): void {
    const height = Math.max(LEAST, y);
    // Relative errors count, else the few large files would say all.
    const weight = 1 / height ** 2;
    const terms = [weight, weight * x, weight * height, weight * x * x, weight * x * height];
    this.#sums = this.#sums.map((sum, index) => sum * DECAY + terms[index]!);
    this.#last.push(x, height);
    if (this.#last.length > 2 * KEPT_COUNT) this.#last.splice(0, 2);
    this.#line = undefined;
  }

  state(): FitState {
    return { sums: this.#sums, last: this.#last };
  }

  #solve(): { intercept: number; slope: number; marginRatio: number } {
    const [w = 0, x = 0, y = 0, xx = 0, xy = 0] = this.#sums;
    const determinant = w * xx - x * x;
    let slope = 0;
    let intercept = w > 0 ? y / w : 0;
    // Files of one size say nothing about a slope: all is put down to it, which is safe for larger ones.
    if (determinant > 1e-9 * w * xx) slope = (w * xy - x * y) / determinant;
    else if (xx > 0) slope = xy / xx;
    if (slope < 0) slope = 0;
    else if (w > 0) intercept = (y - slope * x) / w;
    if (intercept < 0) {
      intercept = 0;
      slope = xy / xx;
    }
    return { intercept, slope, marginRatio: this.#margin(intercept, slope) };
  }

  #margin(intercept: number, slope: number): number {
    const ratios: number[] = [];
    for (let at = 0; at < this.#last.length; at += 2) {
      ratios.push(this.#last[at + 1]! / Math.max(LEAST, intercept + slope * this.#last[at]!));
    }
    ratios.sort((a, b) => a - b);
    // The quantile of the next one, not of those seen: of 20 samples the largest is exceeded once in 21 times.
    return ratios[Math.min(ratios.length, Math.ceil((ratios.length + 1) * QUANTILE)) - 1] ?? 1;
  }
}

/** Whether `value`, from a file, can be the state of a fit. */
export function isFitState(value: unknown): value is FitState {
  const { sums, last } = (value ?? {}) as Partial<FitState>;
  const isNumbers = (list: unknown) =>
    Array.isArray(list) && list.every((each) => typeof each === 'number' && Number.isFinite(each) && each >= 0);
  return isNumbers(sums) && isNumbers(last) && sums!.length === SUM_COUNT && last!.length % 2 === 0;
}
