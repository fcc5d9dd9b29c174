import { TidegateError } from '../../errors.ts';
import type { Found } from '../find/found.ts';
import { closingRecords } from './closing-records.ts';
import { type ExtractFileOptions, extractFile } from './extract-file.ts';
import { extractLines } from './extract-lines.ts';
import { LineAccount } from './line-account.ts';
import type { Piece } from './piece.ts';
import { PieceWriter } from './piece-writer.ts';
import type { WorkerEnded } from './worker-lane.ts';

/** Does in this thread what no worker can: standard input, URLs, what was not found, the end of a dead thread's file. */
export class LocalLane {
  readonly #writer: PieceWriter;
  readonly #account = new LineAccount();
  #emit: (piece: Piece) => void = () => {};

  constructor() {
    this.#writer = new PieceWriter((memory, lengthBytes) => {
      const release = () => this.#writer.give(memory);
      const bytes = new Uint8Array(memory, 0, lengthBytes);
      this.#emit({ bytes, byteLength: lengthBytes, ...this.#account.take(), release });
    });
  }

  /** Settles when the input has ended and its last piece is emitted. */
  extract(found: Found, options: ExtractFileOptions, emit: (piece: Piece) => void): Promise<void> {
    this.#emit = emit;
    return extractLines(extractFile(found, options), this.#writer, this.#account);
  }

  /** Ends the file of a thread that has ended. */
  close({ place, message, cause }: WorkerEnded, emit: (piece: Piece) => void): Promise<void> {
    this.#emit = emit;
    const error = new TidegateError('ERR_INTERNAL', message, { file: place.file, cause });
    return extractLines([closingRecords(place, error, 0)], this.#writer, this.#account);
  }
}
