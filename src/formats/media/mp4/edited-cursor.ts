import { TidegateError } from '../../../errors.ts';
import { type EditSource, isCutSound, type Stretch } from './edit-plan.ts';
import type { Track } from './movie.ts';
import type { OffsetRange } from './offset-range.ts';
import type { PacketCursor, PacketPage } from './packet-page.ts';

/** How often an edit list may play a track. */
const MAX_REPEATS = 100;
const NOTHING: Stretch = { startIndex: 0, shift: 0, from: 0, to: 0 };

/**
 * Steps through the packets of a track as its edit list plays them: stretch by stretch, some of them twice or never.
 * Its pages are those of the track, as far as one stretch shows them.
 */
export class EditedCursor implements PacketCursor {
  readonly track: Track;
  readonly #open: EditSource['open'];
  readonly #stretches: readonly Stretch[];
  readonly #range: OffsetRange;
  readonly #waitsForKeyframe: boolean;
  #cursor: PacketCursor;
  /** Number of the first sample in the page, and how many are there. */
  #first = 0;
  #filled = 0;
  /** Packets so far. */
  #count = 0;
  #at = -1;
  #stretch: Stretch = NOTHING;
  #isOver = true;
  #hasKeyframeBehind = false;

  constructor({ track, open, range }: EditSource, stretches: readonly Stretch[]) {
    this.track = track;
    this.#stretches = stretches;
    this.#open = open;
    this.#range = range;
    this.#cursor = open();
    this.#waitsForKeyframe = track.type !== 'audio' && track.tables.has('ctts');
  }

  get page(): PacketPage {
    return this.#cursor.page;
  }

  async turn(): Promise<boolean> {
    while (this.#isOver || (this.page.at >= this.#filled && !(await this.#load()))) {
      if (!(await this.#enter())) return false;
    }
    const { page } = this;
    page.shift = this.#stretch.shift;
    page.firstIndex = this.#count - page.at;
    page.end = this.#isInside(page) ? this.#filled : this.#markShown(page);
    this.#count += page.end - page.at;
    return true;
  }

  async #load(): Promise<boolean> {
    const isThere = await this.#cursor.turn();
    this.#first = this.page.firstIndex;
    this.#filled = this.page.end;
    return isThere;
  }

  /** Goes to the first packet of the next stretch that has one. */
  async #enter(): Promise<boolean> {
    for (;;) {
      const stretch = this.#stretches[++this.#at];
      if (!stretch) return false;
      this.#checkRepeats();
      if (this.#first + this.page.at > stretch.startIndex) this.#reopen();
      while (this.#first + this.#filled <= stretch.startIndex && (await this.#load()));
      const at = stretch.startIndex - this.#first;
      this.page.at = Math.min(at, this.#filled);
      if (at >= this.#filled) continue;
      this.#isOver = false;
      this.#hasKeyframeBehind = false;
      this.#stretch = stretch;
      return true;
    }
  }

  #reopen(): void {
    this.#cursor = this.#open(this.page);
    this.#first = 0;
    this.#filled = 0;
  }

  /** A small file must not make packets without end. */
  #checkRepeats(): void {
    const { id, sampleCount, edits } = this.track;
    if (this.#count <= MAX_REPEATS * sampleCount) return;
    const message = `Cannot play track ${id}: its ${edits.length} edits repeat its ${sampleCount} samples more than ${MAX_REPEATS} times`;
    throw new TidegateError('ERR_LIMIT', message, { limit: MAX_REPEATS });
  }

  /** The stretch shows all that is in the page, and goes on behind it: decode times only grow. */
  #isInside({ at, dts, durations, discards }: PacketPage): boolean {
    const { from, to } = this.#stretch;
    const last = this.#filled - 1;
    const isInside = dts[at]! + this.#range.lowest >= from && dts[last]! + durations[last]! + this.#range.highest < to;
    if (isInside) discards.fill(0, at, last + 1);
    return isInside;
  }

  /** Marks those that are there for others to be decoded, and are not shown. Answers where the stretch is over. */
  #markShown({ at, dts, compositions, durations, keyframes, discards }: PacketPage): number {
    const { from, to } = this.#stretch;
    const filled = this.#filled;
    const isSound = this.track.type === 'audio';
    while (at < filled) {
      const time = dts[at]! + compositions[at]!;
      const endTime = time + durations[at]!;
      const isOutside = time < from || time >= to;
      discards[at] = isOutside && !(this.#at === 0 && isCutSound(this.track, time, endTime, from)) ? 1 : 0;
      const isLast = endTime >= to && (isSound || keyframes[at] === 1) && this.#isBehind();
      at++;
      if (isLast) {
        this.#isOver = true;
        return at;
      }
    }
    return filled;
  }

  /** Behind the first keyframe after an edit, pictures may be stored that are shown before it: another one is last. */
  #isBehind(): boolean {
    if (!this.#waitsForKeyframe || this.#hasKeyframeBehind) return true;
    this.#hasKeyframeBehind = true;
    return false;
  }
}
