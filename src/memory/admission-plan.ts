import { TidegateError } from '../errors.ts';
import { formatBytes, MiB } from '../units.ts';
import type { Claim } from './admission-line.ts';
import type { AdmissionRequest, AdmissionWay } from './admission-request.ts';
import type { Advisor, PeakGuess, Prediction } from './advisor.ts';

/** Before anything is known of reading in pieces: a window, whatever the size. */
const STREAMED: PeakGuess = { interceptBytes: 32 * MiB, bytesPerByte: 0 };
/** Files of a kind that is not known yet go one after another, until so many are through. */
const PROBE_COUNT = 5;

/** How a file is to be read. */
export interface Choice {
  readonly way: AdmissionWay;
  /** The kind of work that is learned: read in pieces, a format is another one. */
  readonly name: string;
  readonly prediction: Prediction;
}

/** What is under way of a kind of work, and how many of it are through. */
export interface Progress {
  running: number;
  done: number;
}

export function nameOf(format: string, way: AdmissionWay): string {
  return way === 'whole' ? format : `${format} ${way}`;
}

/** What one file needs, judged anew as long as it waits. */
export class AdmissionPlan implements Claim {
  readonly #request: AdmissionRequest;
  readonly #advisor: Advisor;
  readonly #limitBytes: number;
  readonly #progressOf: (name: string) => Progress;
  #choice: Choice | undefined;
  #judgedAt = -1;

  constructor(request: AdmissionRequest, advisor: Advisor, limitBytes: number, progressOf: (name: string) => Progress) {
    this.#request = request;
    this.#advisor = advisor;
    this.#limitBytes = limitBytes;
    this.#progressOf = progressOf;
  }

  get choice(): Choice {
    if (this.#choice === undefined || this.#judgedAt !== this.#advisor.observed) {
      this.#judgedAt = this.#advisor.observed;
      this.#choice = this.#choose();
    }
    return this.#choice;
  }

  weigh(): number {
    // What is only guessed never says no: at worst it has all of the limit for itself.
    return Math.min(this.#limitBytes, this.choice.prediction.peakBytes);
  }

  /** A guess may be far off: one at a time costs little, and five together could take all there is. */
  mayBegin(): boolean {
    const { name, prediction } = this.choice;
    const { running, done } = this.#progressOf(name);
    return prediction.isLearned || running === 0 || done >= PROBE_COUNT;
  }

  /** The first way that fits; else, on a guess, the one that takes least; else none. */
  #choose(): Choice {
    const { format, fileBytes, ways = ['whole', 'streamed'] } = this.#request;
    const choices = ways.map((way) => {
      const name = nameOf(format, way);
      const guess = way === 'streamed' ? STREAMED : undefined;
      return { way, name, prediction: this.#advisor.predict(name, fileBytes, guess) };
    });
    const fitting = choices.find(({ prediction }) => prediction.peakBytes <= this.#limitBytes);
    const choice = fitting ?? choices.findLast(({ prediction }) => !prediction.isLearned);
    if (choice === undefined) throw this.#tooMuch(choices);
    return choice;
  }

  #tooMuch(choices: readonly Choice[]): TidegateError {
    const { label, format, fileBytes } = this.#request;
    const limitBytes = this.#limitBytes;
    const neededBytes = Math.min(...choices.map(({ prediction }) => prediction.peakBytes));
    const sizes = `files of its format take ${formatBytes(neededBytes)} for ${formatBytes(fileBytes)}`;
    const message = `Cannot read ${label ?? format} within ${formatBytes(limitBytes)}: ${sizes}`;
    return new TidegateError('ERR_BUDGET', message, { file: label, format, fileBytes, neededBytes, limitBytes });
  }
}
