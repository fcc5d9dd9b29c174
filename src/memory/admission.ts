import { TidegateError } from '../errors.ts';
import { nonNegativeInteger, positiveInteger } from '../options.ts';
import { AdmissionDiary, type AdmissionReport } from './admission-diary.ts';
import { AdmissionLine } from './admission-line.ts';
import { AdmissionPlan, type Choice, nameOf, type Progress } from './admission-plan.ts';
import type { Admission, AdmissionRequest, AdmissionUse, AdmissionWay } from './admission-request.ts';
import { Advisor } from './advisor.ts';

export type { Admission, AdmissionRequest, AdmissionUse, AdmissionWay };

/** Options for {@link AdmissionQueue}. */
export interface AdmissionOptions {
  /** What all files together may take. */
  readonly limitBytes: number;
  /** Who predicts, and learns. @defaultValue a new one, which knows nothing yet */
  readonly advisor?: Advisor | undefined;
  /** Files that may run at once. @defaultValue Infinity */
  readonly concurrency?: number | undefined;
  /** How often smaller files may go ahead of one that does not fit yet. @defaultValue 32 */
  readonly maxOvertakes?: number | undefined;
}

/**
 * Lets files in as far as memory goes: each sets aside what the advisor predicts for it. What fits runs; what could
 * never fit is read in pieces; what cannot be read even so is refused with an `ERR_BUDGET`, but only when enough files
 * like it were seen: on a mere guess it runs alone instead. Of a format that is not known yet, the first five go one
 * after another. Smaller files go ahead of a larger one that waits, yet no more often than `maxOvertakes` times.
 *
 * @example
 * ```ts
 * const queue = new AdmissionQueue({ limitBytes: 512 * MiB });
 * const admission = await queue.admit({ format: 'dicom', fileBytes: 40 * MiB });
 * try {
 *   console.log(admission.way);
 * } finally {
 *   admission.release({ peakBytes: 90 * MiB });
 * }
 * console.log(queue.explain());
 * ```
 */
export class AdmissionQueue {
  readonly limitBytes: number;
  readonly advisor: Advisor;
  readonly #line: AdmissionLine;
  readonly #progress: Map<string, Progress> = new Map();
  readonly #diary: AdmissionDiary = new AdmissionDiary();

  constructor(options: AdmissionOptions) {
    this.limitBytes = positiveInteger('limitBytes', options.limitBytes);
    this.advisor = options.advisor ?? new Advisor();
    const concurrency = positiveInteger('concurrency', options.concurrency ?? Number.POSITIVE_INFINITY);
    const maxOvertakes = nonNegativeInteger('maxOvertakes', options.maxOvertakes ?? 32);
    this.#line = new AdmissionLine({ limitBytes: this.limitBytes, concurrency, maxOvertakes });
  }

  /** Waits until the file may be read. Fails with `ERR_BUDGET`, or with the reason of `signal`. Caller releases. */
  async admit(request: AdmissionRequest): Promise<Admission> {
    const { signal } = request;
    signal?.throwIfAborted();
    const plan = new AdmissionPlan(request, this.advisor, this.limitBytes, (name) => this.#progressOf(name));
    const begin = (bytes: number, isAhead: boolean) => this.#begin(request, plan.choice, bytes, isAhead);
    return await this.#line.enter(plan, begin, signal).catch((error: unknown) => {
      if (error instanceof TidegateError && error.code === 'ERR_BUDGET') this.#diary.refused(request, error);
      throw error;
    });
  }

  /** What it did and why, in numbers. */
  explain(): AdmissionReport {
    const { limitBytes, advisor } = this;
    const { reservedBytes, peakReservedBytes, running, waiting } = this.#line;
    const learned = advisor.explain();
    return { limitBytes, reservedBytes, peakReservedBytes, running, waiting, ...this.#diary.report(), learned };
  }

  #begin(request: AdmissionRequest, choice: Choice, reservedBytes: number, isAhead: boolean): Admission {
    const { way, name, prediction } = choice;
    this.#progressOf(name).running++;
    this.#diary.admitted(request, choice, reservedBytes, isAhead);
    let isReleased = false;
    const release = (use?: AdmissionUse) => {
      if (isReleased) return;
      isReleased = true;
      const progress = this.#progressOf(name);
      progress.running--;
      progress.done++;
      if (use !== undefined) this.#learn(request, way, reservedBytes, use);
      this.#line.leave(reservedBytes);
    };
    return { way, prediction, reservedBytes, release };
  }

  #learn(request: AdmissionRequest, way: AdmissionWay, reservedBytes: number, use: AdmissionUse): void {
    const name = nameOf(use.format ?? request.format, way);
    this.advisor.observe(name, request.fileBytes, use.peakBytes);
    if (use.peakBytes > reservedBytes) this.#diary.exceeded(request, use.peakBytes);
  }

  #progressOf(name: string): Progress {
    let progress = this.#progress.get(name);
    if (progress === undefined) {
      progress = { running: 0, done: 0 };
      this.#progress.set(name, progress);
    }
    return progress;
  }
}
