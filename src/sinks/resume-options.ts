import { nonNegativeInteger, positiveInteger } from '../options.ts';
import { MiB } from '../units.ts';

/** How a sink goes on where an earlier run has ended, and what it holds for that. */
export interface ResumeOptions {
  /**
   * Go on with what is there: files that are committed are not written again, changed ones are written anew. What a
   * killed run left half done is removed. @defaultValue false
   */
  readonly resume?: boolean | undefined;
  /** How long a file that has ended may wait for its commit, and others with it. @defaultValue 1,000 */
  readonly commitMs?: number | undefined;
  /** Bytes of files that have not ended, that are held in memory; the rest waits on disk. @defaultValue 4 MiB */
  readonly heldBytes?: number | undefined;
}

/** The options, checked. */
export interface ResumeSettings {
  readonly resume: boolean;
  readonly commitMs: number;
  readonly heldBytes: number;
}

/** Checks the options; `ERR_OPTION` names the one that cannot be used. */
export function resumeSettings(options: ResumeOptions, defaultCommitMs = 1000): ResumeSettings {
  return {
    resume: options.resume ?? false,
    commitMs: nonNegativeInteger('commitMs', options.commitMs ?? defaultCommitMs),
    heldBytes: positiveInteger('heldBytes', options.heldBytes ?? 4 * MiB),
  };
}
