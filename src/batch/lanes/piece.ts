import { KiB } from '../../units.ts';
import type { Failure } from '../failures/failure.ts';
import type { Summary } from './tally.ts';

/** Whole lines of output on loan, with what they amount to. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly summary: Summary;
  /** Its lines are the last of a file that failed: why. */
  readonly failure?: Failure | undefined;
  /** For marks in bytes. */
  readonly byteLength: number;
  /** Gives the memory back to its writer. Caller releases, exactly once, when the bytes are written. */
  release(): void;
}

/** Memory of one piece. A longer line gets memory of its own. */
export const PIECE_BYTES: number = 256 * KiB;
/** Pieces that one lane may have on their way to the sink: while one is written, the next is filled. */
export const PIECES_PER_LANE = 2;
