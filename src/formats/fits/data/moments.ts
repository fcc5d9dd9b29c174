/** Count, extremes, mean and spread of values that come in parts; the parts in one order give one result. */
export class Moments {
  /** Values that count: neither NaN nor BLANK. */
  validCount = 0;
  min: number | bigint = Number.POSITIVE_INFINITY;
  max: number | bigint = Number.NEGATIVE_INFINITY;
  mean = 0;
  /** Sum of squared distances from the mean. */
  spread = 0;

  /** Adds a part (Chan, Golub and LeVeque 1979: without the cancellation of plain sums of squares). */
  add(validCount: number, min: number | bigint, max: number | bigint, mean: number, spread: number): void {
    if (validCount === 0) return;
    const total = this.validCount + validCount;
    const delta = mean - this.mean;
    this.spread += spread + (delta * delta * this.validCount * validCount) / total;
    this.mean += (delta * validCount) / total;
    this.validCount = total;
    if (min < this.min) this.min = min;
    if (max > this.max) this.max = max;
  }

  merge(other: Moments): void {
    this.add(other.validCount, other.min, other.max, other.mean, other.spread);
  }

  /** Population standard deviation, as NumPy's `std`. */
  get deviation(): number {
    return Math.sqrt(Math.max(0, this.spread / this.validCount));
  }
}
