const MAX_LINE_CHARACTERS = 80;
const CONTINUATION = '    ';

/**
 * Breaks long values of user types into lines as `ncdump` does: it counts only what it prints through this, over the
 * whole output, and so do we.
 */
export class CdlLines {
  /** Blanks before each line, two for each level of groups. */
  indent = '';
  #position = 0;

  /** A piece, on a new line if it does not fit. */
  put(piece: string): string {
    const isTooLong = piece.length + this.#position > MAX_LINE_CHARACTERS && piece.length > 2;
    if (isTooLong) this.#position = CONTINUATION.length + this.indent.length;
    if (piece.endsWith('\n')) this.#position = this.indent.length;
    else this.#position += piece.length;
    return isTooLong ? `\n${this.indent}${CONTINUATION}${piece}` : piece;
  }
}
