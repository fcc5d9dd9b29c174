import { isPromise } from '../../../bytes/input.ts';
import { TidegateError } from '../../../errors.ts';
import { type EditSource, isCutSound, type Stretch } from './edit-plan.ts';
import type { TimedCursor, TrackCursor } from './lanes.ts';
import type { Track } from './movie.ts';

/** How often an edit list may play a track. */
const MAX_REPEATS = 100;
const NOTHING: Stretch = { startIndex: 0, shift: 0, from: 0, to: 0 };

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
  #stretch: Stretch = NOTHING;
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
    if (moved === false) return this.#enter();
    if (moved !== true) return moved.then((isThere) => (isThere ? this.#take() : this.#enter()));
    return this.#take();
  }

  /** Goes to the first packet of the next stretch that has one. */
  async #enter(): Promise<boolean> {
    for (;;) {
      const stretch = this.#stretches[++this.#at];
      if (!stretch) return false;
      this.#checkRepeats();
      if (this.#cursor.index >= stretch.startIndex) this.#cursor = this.#open();
      let isThere = true;
      while (isThere && this.#cursor.index < stretch.startIndex) {
        const moved = this.#cursor.next();
        isThere = isPromise(moved) ? await moved : moved;
      }
      if (!isThere) continue;
      this.#isOver = false;
      this.#hasKeyframeBehind = false;
      this.#stretch = stretch;
      return this.#take();
    }
  }

  /** A small file must not make packets without end. */
  #checkRepeats(): void {
    const { id, sampleCount, edits } = this.track;
    if (this.index < MAX_REPEATS * sampleCount) return;
    const message = `Cannot play track ${id}: its ${edits.length} edits repeat its ${sampleCount} samples more than ${MAX_REPEATS} times`;
    throw new TidegateError('ERR_LIMIT', message, { limit: MAX_REPEATS });
  }

  #take(): true {
    const { shift, from, to } = this.#stretch;
    const cursor = this.#cursor;
    const time = cursor.dts + cursor.compositionOffset;
    const endTime = time + cursor.duration;
    this.index++;
    this.offset = cursor.offset;
    this.lengthBytes = cursor.lengthBytes;
    this.dts = cursor.dts + shift;
    this.compositionOffset = cursor.compositionOffset;
    this.isKeyframe = cursor.isKeyframe;
    const isOutside = time < from || time >= to;
    this.isDiscarded = isOutside && !(this.#at === 0 && isCutSound(this.track, time, endTime, from));
    if (endTime < to || !(cursor.isKeyframe || this.track.type === 'audio')) return true;
    // Behind the first keyframe after an edit, pictures may be stored that are shown before it
    if (this.#waitsForKeyframe && !this.#hasKeyframeBehind) this.#hasKeyframeBehind = true;
    else this.#isOver = true;
    return true;
  }
}
