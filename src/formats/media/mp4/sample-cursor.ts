import type { BlockReader } from '../block-reader.ts';
import { ChunkWalk } from './chunk-walk.ts';
import type { EntryWindow } from './entry-window.ts';
import type { Track } from './movie.ts';
import { type PacketCursor, PacketPage } from './packet-page.ts';
import { RunColumn } from './run-column.ts';
import { SizeColumn } from './size-column.ts';
import { SyncColumn } from './sync-column.ts';

interface Column {
  readonly windows: readonly EntryWindow[];
}

/**
 * Steps through the samples of a track by its tables (ISO/IEC 14496-12 8.6, 8.7), a page at a time: each table fills
 * its column in a loop of its own. Decode times are those of the track, the edit list not applied.
 */
export class SampleCursor implements PacketCursor {
  readonly track: Track;
  readonly page: PacketPage;
  readonly #sizes: SizeColumn;
  readonly #chunks: ChunkWalk;
  readonly #times: RunColumn;
  readonly #compositions: RunColumn;
  readonly #syncs: SyncColumn;
  #done = 0;
  #dts = 0;
  #failure: unknown;

  constructor(reader: BlockReader, track: Track, page: PacketPage = new PacketPage()) {
    this.track = track;
    this.page = page;
    this.#sizes = new SizeColumn(reader, track, page.roomCount);
    this.#chunks = new ChunkWalk(reader, track);
    this.#times = new RunColumn(reader, track.tables.get('stts'), true);
    this.#compositions = new RunColumn(reader, track.tables.get('ctts'), false);
    this.#syncs = new SyncColumn(reader, track);
  }

  async turn(): Promise<boolean> {
    if (this.#failure !== undefined) throw this.#failure;
    const { page } = this;
    const first = this.#done;
    const wanted = Math.min(page.roomCount, this.track.sampleCount - first);
    page.lengths = await this.#sizes.take(wanted);
    let end = page.lengths.length;
    if (end < Math.min(wanted, 1)) throw this.#chunks.missing(first, 'size (stsz)');
    end = await this.#fill(this.#chunks, end, (from, to) => this.#chunks.take(page.offsets, from, to, page.lengths));
    end = await this.#fill(this.#times, end, (from, to) => this.#times.take(page.durations, from, to));
    end = await this.#fill(this.#compositions, end, (from, to) => this.#compositions.take(page.compositions, from, to));
    end = await this.#fill(this.#syncs, end, (from, to) => this.#syncs.take(page.keyframes, from, to, first));
    if (end === 0 && this.#failure !== undefined) throw this.#failure;
    this.#sumUp(end);
    page.firstIndex = first;
    page.at = 0;
    page.end = end;
    this.#done += end;
    return end > 0;
  }

  /** Has a column filled up to `wanted`; less where its table, or the file, ends before: the next turn fails. */
  async #fill(column: Column, wanted: number, take: (from: number, to: number) => number): Promise<number> {
    let filled = 0;
    try {
      for (;;) {
        filled = take(filled, wanted);
        if (filled >= wanted) return wanted;
        const dry = column.windows.find(({ isDry }) => isDry);
        if (!dry) throw this.#chunks.missing(this.#done + filled);
        await dry.fill();
      }
    } catch (error) {
      this.#failure = error;
      return filled;
    }
  }

  /** Decode times: the sum of what the samples before take (8.6.1.2). */
  #sumUp(end: number): void {
    const { dts, durations } = this.page;
    let time = this.#dts;
    for (let i = 0; i < end; i++) {
      dts[i] = time;
      time += durations[i]!;
    }
    this.#dts = time;
  }
}
