import { statSync } from 'node:fs';
import { formatByName } from '../../formats/detect.ts';
import { type Admission, AdmissionQueue } from '../../memory/admission.ts';
import type { Advisor } from '../../memory/advisor.ts';
import type { BudgetGauge } from '../../memory/lender.ts';
import type { MemoryBudget } from '../../memory/memory-budget.ts';
import type { Found } from '../find/found.ts';
import { Slots } from './slots.ts';

/** Options for {@link FileAdmission}. */
export interface FileAdmissionOptions {
  /** Files at once. */
  readonly concurrency: number;
  /** Half of it is for the files under way, as far as is predicted; the rest for what waits behind them. */
  readonly budget?: MemoryBudget | undefined;
  readonly advisor?: Advisor | undefined;
  /** The format that all inputs are read as. */
  readonly format?: string | undefined;
}

/** The permission to read one input. Caller releases. */
export interface FilePermit {
  /** `peakBytes`: the most that its reader had at once. */
  release(peakBytes?: number): void;
}

/** Lets inputs in: so many at once, fewer under pressure, and with a budget no more than what is predicted to fit. */
export class FileAdmission {
  readonly #options: FileAdmissionOptions;
  readonly #slots: Slots;
  readonly #queue: AdmissionQueue | undefined;
  readonly #gauge: BudgetGauge | undefined;
  #reservedBytes = 0;

  constructor(options: FileAdmissionOptions) {
    const { budget, advisor, concurrency } = options;
    this.#options = options;
    this.#slots = new Slots(concurrency);
    if (budget === undefined) return;
    this.#queue = new AdmissionQueue({ limitBytes: Math.ceil(budget.limitBytes / 2), advisor });
    this.#gauge = budget.gauge('files');
  }

  /** Whether whoever comes now has its turn. */
  get isFree(): boolean {
    return this.#slots.isFree;
  }

  /** Waits for its turn and its memory. Fails with the reason of `signal`, or `ERR_BUDGET`. */
  async enter(found: Found, signal: AbortSignal): Promise<FilePermit> {
    await this.#slots.enter(signal);
    try {
      const queue = found.kind === 'issue' ? undefined : this.#queue;
      const admission = await queue?.admit({
        format: this.#options.format ?? formatByName(found.path)?.name ?? 'unknown',
        fileBytes: sizeOf(found),
        // Every reader takes pieces.
        ways: ['streamed'],
        label: found.path,
        signal,
      });
      if (admission) this.#reserve(admission.reservedBytes);
      return { release: (peakBytes) => this.#leave(admission, peakBytes) };
    } catch (error) {
      this.#slots.leave();
      throw error;
    }
  }

  /** The run is over: nothing of the budget stays taken. */
  close(): void {
    this.#gauge?.close();
  }

  #leave(admission: Admission | undefined, peakBytes: number | undefined): void {
    if (admission) this.#reserve(-admission.reservedBytes);
    admission?.release(peakBytes === undefined ? undefined : { peakBytes });
    this.#slots.leave();
  }

  #reserve(bytes: number): void {
    this.#reservedBytes += bytes;
    // One that is alone may take more than there is: the sources would wait for it, and it for them.
    this.#gauge!.set(Math.min(this.#reservedBytes, this.#queue!.limitBytes));
  }
}

/** `Infinity` where nobody knows. */
function sizeOf(found: Found): number {
  if (found.kind !== 'file') return Number.POSITIVE_INFINITY;
  return statSync(found.name, { throwIfNoEntry: false })?.size ?? 0;
}
