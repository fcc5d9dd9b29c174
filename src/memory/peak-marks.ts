/** The most bytes that a budget had out at once since the mark was set, until it is closed. */
export interface PeakMark {
  readonly peakBytes: number;
  close(): void;
}

/** How high a number of bytes went, each time since a mark was set. */
export class PeakMarks {
  readonly #marks: Set<{ peakBytes: number }> = new Set();

  set(bytes: number): PeakMark {
    const mark = { peakBytes: bytes, close: () => void this.#marks.delete(mark) };
    this.#marks.add(mark);
    return mark;
  }

  /** It is `bytes` now. */
  note(bytes: number): void {
    for (const mark of this.#marks) if (bytes > mark.peakBytes) mark.peakBytes = bytes;
  }
}
