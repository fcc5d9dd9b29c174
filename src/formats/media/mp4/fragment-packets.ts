import { KiB } from '../../../units.ts';
import type { Recorder } from '../../recorder.ts';
import { BlockReader } from '../block-reader.ts';
import { type Box, boxesIn } from './box.ts';
import { runsOf } from './fragment.ts';
import { FragmentCursor } from './fragment-cursor.ts';
import { choose, emitPackets, isThrough, type Lane, laneOf, offsetOf, turnPage } from './lanes.ts';
import { editShift, type Movie } from './movie.ts';

/** Fragments that are opened ahead of the packet that is next. */
const MAX_AHEAD = 16;

/**
 * The samples of all fragments as packets, in the order of {@link choose}. A fragment is opened when the packets of
 * those before it are through: what is held are the places of its runs, not its samples.
 */
export async function* fragmentPackets(reader: BlockReader, movie: Movie, out: Recorder): AsyncGenerator<void> {
  const small = new BlockReader(reader.input, { blockBytes: 16 * KiB, blockCount: 8 });
  const cursors = new Map(movie.tracks.map((track) => [track.id, new FragmentCursor(small, track)]));
  const fragments = new Fragments(small, movie, cursors);
  const waiting = [...cursors.values()].map((cursor) => laneOf(cursor, 0));
  for (const { page, cursor } of waiting) page.shift = editShift(movie, cursor.track);
  const ready: Lane[] = [];
  for (;;) {
    if (waiting.length > 0 && fragments.mayOpen(ready.length > 0 ? offsetOf(choose(ready)) : undefined)) {
      await fragments.open();
      await wake(waiting, ready);
      continue;
    }
    if (ready.length === 0) return;
    emitPackets(ready, small, out, waiting.length > 0 ? fragments.nextOffset : undefined);
    if (out.isFull) yield;
    const through = ready.findIndex(isThrough);
    if (through >= 0 && !(await turnPage(ready[through]!))) waiting.push(...ready.splice(through, 1));
  }
}

/** Moves the lanes that have a packet again to those that are ready, in the order of their tracks. */
async function wake(waiting: Lane[], ready: Lane[]): Promise<void> {
  for (const lane of waiting.splice(0)) (await turnPage(lane)) ? ready.push(lane) : waiting.push(lane);
  ready.sort((a, b) => a.cursor.track.streamIndex - b.cursor.track.streamIndex);
}

/** Walks over the fragments of a file, one at a time. */
class Fragments {
  #isDone = false;
  /** Where the open fragments start. */
  readonly #opened: number[] = [];
  readonly #reader: BlockReader;
  readonly #movie: Movie;
  readonly #cursors: ReadonlyMap<number, FragmentCursor>;
  readonly #boxes: AsyncGenerator<Box>;

  constructor(reader: BlockReader, movie: Movie, cursors: ReadonlyMap<number, FragmentCursor>) {
    this.#reader = reader;
    this.#movie = movie;
    this.#cursors = cursors;
    this.#boxes = boxesIn(reader, Math.max(0, movie.firstFragmentOffset), reader.sizeBytes);
  }

  /**
   * Tracks that take turns in fragments of their own have to be seen side by side: a few fragments are opened ahead
   * of the packet at `offset`, and no more, or a track that ends early would have all of them opened.
   */
  mayOpen(offset: number | undefined): boolean {
    if (offset === undefined) return !this.#isDone;
    while (this.#opened.length > 0 && this.#opened[0]! < offset) this.#opened.shift();
    return !this.#isDone && this.#opened.length < MAX_AHEAD;
  }

  /** No further one may be opened before a packet behind this offset is next. */
  get nextOffset(): number {
    return this.#isDone ? Number.POSITIVE_INFINITY : this.#opened[0]!;
  }

  /** Hands the runs of the next fragment to their tracks. */
  async open(): Promise<void> {
    for (;;) {
      const { value: box, done } = await this.#boxes.next();
      this.#isDone = done === true;
      if (!box) return;
      if (box.type !== 'moof') continue;
      this.#opened.push(box.offset);
      for await (const run of runsOf(this.#reader, box, this.#movie)) await this.#cursors.get(run.track.id)?.add(run);
      return;
    }
  }
}
