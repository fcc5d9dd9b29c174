import { TidegateError } from '../errors.ts';
import { nonNegativeInteger, positiveInteger } from '../options.ts';
import { formatBytes, MiB } from '../units.ts';
import { AdmissionLine } from './admission-line.ts';
import { Advisor, type PeakGuess, type Prediction } from './advisor.ts';

/** How a file may be read: at once and in haste, or in pieces that take little memory. */
export type AdmissionWay = 'whole' | 'streamed';

/** A file that wants to be read. */
export interface AdmissionRequest {
  /** The format, as far as it is known by now: what is learned is learned for it. */
  readonly format: string;
  /** Size of the file, `Infinity` if it is not known. */
  readonly fileBytes: number;
  /** Ways in which it can be read, the preferred one first. @defaultValue `['whole', 'streamed']` */
  readonly ways?: readonly AdmissionWay[] | undefined;
  /** Called so in errors and in `explain()`. @defaultValue the format */
  readonly label?: string | undefined;
  /** Gives up waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** What a file took, for the advisor. */
export interface AdmissionUse {
  /** The most memory that it had at once. */
  readonly peakBytes: number;
  /** The format that it turned out to be. @defaultValue that of the request */
  readonly format?: string | undefined;
}

/** The permission to read a file. Caller releases. */
export interface Admission {
  /** The way in which it is to be read. */
  readonly way: AdmissionWay;
  /** Bytes that are set aside for it. */
  readonly reservedBytes: number;
  /** Where that number comes from. */
  readonly prediction: Prediction;
  /** Gives the bytes back, and tells the advisor what the file really took, if it is known. Idempotent. */
  release(use?: AdmissionUse): void;
}

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

/** What an {@link AdmissionQueue} did, and has. */
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
  /** The last decisions, for people: `'big.dcm: whole, 512.0 MiB of 600.0 MiB set aside'`. */
  readonly decisions: readonly string[];
}

const KEPT_DECISIONS = 50;
/** Before anything is known: a window, whatever the size. */
const STREAMED: PeakGuess = { interceptBytes: 32 * MiB, bytesPerByte: 0 };

/**
 * Lets files in as far as memory goes: each sets aside what the advisor predicts for it. What fits runs; what could
 * never fit is read in pieces; what cannot be read even so is refused with an `ERR_BUDGET`, but only when enough files
 * like it were seen: on a mere guess it runs alone instead. Smaller files go ahead of a larger one that waits, yet no
 * more often than `maxOvertakes` times.
 *
 * @example
 * ```ts
 * const queue = new AdmissionQueue({ limitBytes: 512 * MiB });
 * const admission = await queue.admit({ format: 'dicom', fileBytes: 40 * MiB });
 * try {
 *   await read(admission.way);
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
  readonly #decisions: string[] = [];
  readonly #admitted = { whole: 0, streamed: 0, ahead: 0 };
  #refused = 0;
  #exceeded = 0;

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
    const { way, prediction } = this.#choose(request);
    // What is only guessed never says no: at worst it has all of the limit for itself.
    const reservedBytes = Math.min(this.limitBytes, prediction.peakBytes);
    const hasOvertaken = await this.#line.enter(reservedBytes, signal);
    this.#admitted[way]++;
    if (hasOvertaken) this.#admitted.ahead++;
    const guess = prediction.isLearned ? '' : ', a guess';
    const ahead = hasOvertaken ? ', ahead of a larger one' : '';
    this.#note(request, `${way}, ${formatBytes(reservedBytes)} of ${formatBytes(this.limitBytes)}${guess}${ahead}`);
    return new Admitted(this.#release, { way, prediction, reservedBytes, request });
  }

  /** What it did and why, in numbers. */
  explain(): AdmissionReport {
    const { limitBytes, advisor } = this;
    const { reservedBytes, peakReservedBytes, running, waiting } = this.#line;
    return {
      limitBytes,
      reservedBytes,
      peakReservedBytes,
      running,
      waiting,
      admitted: { ...this.#admitted },
      refused: this.#refused,
      exceeded: this.#exceeded,
      learned: advisor.explain(),
      decisions: [...this.#decisions],
    };
  }

  /** The first way that fits; else, on a guess, the one that takes least; else none. */
  #choose(request: AdmissionRequest): { way: AdmissionWay; prediction: Prediction } {
    const { format, fileBytes, ways = ['whole', 'streamed'] } = request;
    const choices = ways.map((way) => {
      const guess = way === 'streamed' ? STREAMED : undefined;
      return { way, prediction: this.advisor.predict(nameOf(format, way), fileBytes, guess) };
    });
    const fitting = choices.find(({ prediction }) => prediction.peakBytes <= this.limitBytes);
    const choice = fitting ?? choices.findLast(({ prediction }) => !prediction.isLearned);
    if (choice !== undefined) return choice;
    this.#refused++;
    const neededBytes = Math.min(...choices.map(({ prediction }) => prediction.peakBytes));
    const { limitBytes } = this;
    const label = request.label ?? format;
    const sizes = `files of its format take ${formatBytes(neededBytes)} for ${formatBytes(fileBytes)}`;
    this.#note(request, `refused, ${sizes}`);
    const message = `Cannot read ${label} within ${formatBytes(limitBytes)}: ${sizes}`;
    throw new TidegateError('ERR_BUDGET', message, { file: request.label, format, fileBytes, neededBytes, limitBytes });
  }

  #note({ label, format }: AdmissionRequest, text: string): void {
    this.#decisions.push(`${label ?? format}: ${text}`);
    if (this.#decisions.length > KEPT_DECISIONS) this.#decisions.shift();
  }

  readonly #release = (permit: Permit, use: AdmissionUse | undefined): void => {
    const { request, way, reservedBytes } = permit;
    if (use !== undefined) {
      this.advisor.observe(nameOf(use.format ?? request.format, way), request.fileBytes, use.peakBytes);
      if (use.peakBytes > reservedBytes) this.#exceeded++;
    }
    this.#line.leave(reservedBytes);
  };
}

/** Read in pieces, a format is another kind of work. */
function nameOf(format: string, way: AdmissionWay): string {
  return way === 'whole' ? format : `${format} ${way}`;
}

interface Permit extends Omit<Admission, 'release'> {
  readonly request: AdmissionRequest;
}

class Admitted implements Admission {
  readonly way: AdmissionWay;
  readonly reservedBytes: number;
  readonly prediction: Prediction;
  readonly #end: (use: AdmissionUse | undefined) => void;
  #isReleased = false;

  constructor(end: (permit: Permit, use: AdmissionUse | undefined) => void, permit: Permit) {
    this.way = permit.way;
    this.reservedBytes = permit.reservedBytes;
    this.prediction = permit.prediction;
    this.#end = (use) => end(permit, use);
  }

  release(use?: AdmissionUse): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#end(use);
  }
}
