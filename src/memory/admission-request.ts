import type { Prediction } from './advisor.ts';

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
