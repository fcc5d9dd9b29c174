import { isPromise } from '../../../bytes/input.ts';
import { type EditSource, isCutSound, type Stretch } from './edit-plan.ts';
import type { TimedCursor, TrackCursor } from './lanes.ts';
import type { Track } from './movie.ts';

/**
 * Steps through the packets of a track as its edit list plays them: stretch by stretch, some of them twice or never.
 * `dts` is that of the edited track.
 */
export class EditedCursor implements TrackCursor {
  readonly track: Track;
  index = -1;
  offset = 0;
  lengthBytes = 0;
  dts = 0;
  compositionOffset = 0;
  isKeyframe = true;
  /** It is there for those behind it to be decoded, and is not shown. */
  isDiscarded = false;
  readonly #open: () => TimedCursor;
  readonly #stretches: readonly Stretch[];
  readonly #waitsForKeyframe: boolean;
  #cursor: TimedCursor;
  #at = -1;
  #isOver = true;
  #hasKeyframeBehind = false;

  constructor({ track, open }: EditSource, stretches: readonly Stretch[]) {
    this.track = track;
    this.#stretches = stretches;
    this.#open = open;
    this.#cursor = open();
    this.#waitsForKeyframe = track.type !== 'audio' && track.tables.has('ctts');
  }

  next(): boolean | Promise<boolean> {
    if (this.#isOver) return this.#enter();
    const moved = this.#cursor.next();
    if (isPromise(moved)) return moved.then((isThere) => this.#took(isThere));
    return this.#took(moved);
  }

  #took(isThere: boolean): boolean | Promise<boolean> {
    if (!isThere) return this.#enter();
    this.#take(this.#stretches[this.#at]!);
    return true;
  }

  /** Goes to the first packet of the next stretch that has one. */
  async #enter(): Promise<boolean> {
    for (;;) {
      const stretch = this.#stretches[++this.#at];
      if (!stretch) return false;
      if (this.#cursor.index >= stretch.startIndex) this.#cursor = this.#open();
      let isThere = true;
      while (isThere && this.#cursor.index < stretch.startIndex) {
        const moved = this.#cursor.next();
        isThere = isPromise(moved) ? await moved : moved;
      }
      if (!isThere) continue;
      this.#isOver = false;
      this.#hasKeyframeBehind = false;
      this.#take(stretch);
      return true;
    }
  }

  #take({ shift, from, to }: Stretch): void {
    const cursor = this.#cursor;
    const time = cursor.dts + cursor.compositionOffset;
    const endTime = time + cursor.duration;
    this.index++;
    this.offset = cursor.offset;
    this.lengthBytes = cursor.lengthBytes;
    this.dts = cursor.dts + shift;
    this.compositionOffset = cursor.compositionOffset;
    this.isKeyframe = cursor.isKeyframe;
    const isCut = this.#at === 0 && isCutSound(this.track, time, endTime, from);
    this.isDiscarded = (time < from || time >= to) && !isCut;
    if (endTime < to || !(cursor.isKeyframe || this.track.type === 'audio')) return;
    // Behind the first keyframe after an edit, pictures may be stored that are shown before it
    if (this.#waitsForKeyframe && !this.#hasKeyframeBehind) this.#hasKeyframeBehind = true;
    else this.#isOver = true;
  }
}
