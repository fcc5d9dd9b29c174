import { formatBytes } from '../units.ts';
import type { Choice } from './admission-plan.ts';
import type { AdmissionRequest } from './admission-request.ts';
import type { Prediction } from './advisor.ts';

/** What an `AdmissionQueue` did, and has. */
export interface AdmissionReport {
  readonly limitBytes: number;
  /** Set aside for those that run. */
  readonly reservedBytes: number;
  readonly peakReservedBytes: number;
  readonly running: number;
  readonly waiting: number;
  /** How many were admitted, in which way, and how many of them went ahead of a larger one. */
  readonly admitted: { readonly whole: number; readonly streamed: number; readonly ahead: number };
  /** How many can never be read within the limit. */
  readonly refused: number;
  /** Files that took more than was set aside for them. */
  readonly exceeded: number;
  /** What is known of each kind of work: intercept, slope, margin. */
  readonly learned: readonly Prediction[];
  /** The last 50 decisions, for people: `'big.dcm: whole, 512.0 MiB set aside'`. */
  readonly decisions: readonly string[];
}

const KEPT_DECISIONS = 50;

/** Which decisions were made, and what came of them. */
export class AdmissionDiary {
  readonly #admitted = { whole: 0, streamed: 0, ahead: 0 };
  readonly #decisions: string[] = [];
  #refused = 0;
  #exceeded = 0;

  admitted(request: AdmissionRequest, { way, prediction }: Choice, bytes: number, isAhead: boolean): void {
    this.#admitted[way]++;
    if (isAhead) this.#admitted.ahead++;
    const guess = prediction.isLearned ? '' : ', a guess';
    const ahead = isAhead ? ', ahead of a larger one' : '';
    this.#note(request, `${way}, ${formatBytes(bytes)} set aside${guess}${ahead}`);
  }

  refused(request: AdmissionRequest, { message }: Error): void {
    this.#refused++;
    this.#note(request, `refused: ${message}`);
  }

  exceeded(request: AdmissionRequest, peakBytes: number): void {
    this.#exceeded++;
    this.#note(request, `took ${formatBytes(peakBytes)}, more than was set aside`);
  }

  report(): Pick<AdmissionReport, 'admitted' | 'refused' | 'exceeded' | 'decisions'> {
    const decisions = [...this.#decisions];
    return { admitted: { ...this.#admitted }, refused: this.#refused, exceeded: this.#exceeded, decisions };
  }

  #note({ label, format }: AdmissionRequest, text: string): void {
    this.#decisions.push(`${label ?? format}: ${text}`);
    if (this.#decisions.length > KEPT_DECISIONS) this.#decisions.shift();
  }
}
