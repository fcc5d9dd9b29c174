import { readFileSync, writeFileSync } from 'node:fs';

const watches = new Set<PeakRss>();

/**
 * The highest RSS of the process since the watch began, as the kernel counts it: no timer, nothing missed. Where the
 * kernel's mark cannot be set back, or `isResetting` is not wanted, a peak below that of the time before the watch is
 * only known from what `note` was told.
 */
export class PeakRss {
  #peakBytes = 0;
  readonly #markAtStartBytes: number;
  readonly #isReset: boolean;

  /** `isResetting` lets the mark of the whole process start anew: other programs that watch it see that. */
  constructor(isResetting = false) {
    const markBytes = highWaterMarkBytes();
    for (const watch of watches) watch.#foldMark(markBytes);
    this.#isReset = isResetting && resetMark();
    this.#markAtStartBytes = this.#isReset ? 0 : markBytes;
    watches.add(this);
  }

  /** `true` if the peak is exact, whatever happened before the watch. */
  get isExact(): boolean {
    return this.#isReset || this.#peakBytes > this.#markAtStartBytes;
  }

  /** A sample of RSS. */
  note(rssBytes: number): void {
    if (rssBytes > this.#peakBytes) this.#peakBytes = rssBytes;
  }

  /** The peak so far. */
  read(): number {
    this.#foldMark(highWaterMarkBytes());
    return this.#peakBytes;
  }

  /** Ends the watch, and gives the peak. */
  close(): number {
    this.leave();
    return this.read();
  }

  /** Ends the watch without a look, which costs as much as twenty values that pass. */
  leave(): void {
    watches.delete(this);
  }

  /** A mark that has risen since the start was set in the watch. */
  #foldMark(markBytes: number): void {
    if (markBytes > this.#markAtStartBytes) this.note(markBytes);
  }
}

/** proc(5): VmHWM, in kB; elsewhere `ru_maxrss`, which Node gives in KiB on every system. */
function highWaterMarkBytes(): number {
  try {
    const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))!;
    return Number(kibibytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

/** proc(5), clear_refs: 5 sets VmHWM to the present RSS. */
function resetMark(): boolean {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
}
