import type { BlockReader } from '../block-reader.ts';
import { ChunkWalk } from './chunk-walk.ts';
import type { Track } from './movie.ts';
import { type PacketCursor, PacketPage } from './packet-page.ts';

/** PCM frames in one packet, as in FFmpeg's demuxer. */
const PACKET_FRAMES = 1024;

/**
 * Steps through sound whose samples are single PCM frames (QuickTime): as many as 1,024 that follow each other in a
 * chunk make one packet.
 */
export class SoundCursor implements PacketCursor {
  readonly track: Track;
  readonly page: PacketPage;
  readonly #lengths: number[] = [];
  readonly #chunks: ChunkWalk;
  readonly #frameBytes: number;
  #count = 0;
  #frames = 0;

  /** Samples of a fixed size and a duration of 1 are PCM frames. */
  static fits(track: Track): boolean {
    const isPcm = track.entry?.codec?.startsWith('pcm_') ?? false;
    return track.type === 'audio' && isPcm && track.fixedSampleBytes > 0 && track.tables.get('stts')?.count === 1;
  }

  constructor(reader: BlockReader, track: Track, page: PacketPage = new PacketPage()) {
    this.track = track;
    this.page = page;
    this.#chunks = new ChunkWalk(reader, track);
    this.#frameBytes = frameBytes(track);
    page.keyframes.fill(1);
    page.lengths = this.#lengths;
  }

  /** A page ends with its chunk. */
  async turn(): Promise<boolean> {
    const { page } = this;
    page.at = 0;
    page.end = 0;
    page.firstIndex = this.#count;
    const left = this.track.sampleCount - this.#frames;
    if (left === 0) return false;
    while (this.#chunks.left === 0 && !this.#chunks.enter()) {
      const dry = this.#chunks.windows.find(({ isDry }) => isDry);
      if (!dry) throw this.#chunks.missing(this.#frames);
      await dry.fill();
    }
    this.#take(Math.min(this.#chunks.left, left));
    return true;
  }

  #take(frames: number): void {
    const { page } = this;
    const chunks = this.#chunks;
    while (page.end < page.roomCount && frames > 0) {
      const count = Math.min(PACKET_FRAMES, frames);
      page.offsets[page.end] = chunks.offset;
      this.#lengths[page.end] = count * this.#frameBytes;
      page.dts[page.end] = this.#frames;
      page.durations[page.end] = count;
      chunks.offset += count * this.#frameBytes;
      chunks.left -= count;
      frames -= count;
      this.#frames += count;
      page.end++;
    }
    this.#count += page.end;
  }
}

/** QTFF: `stsz` of compressed and of old PCM tracks says 1; the frame is that of all channels. */
function frameBytes({ entry, fixedSampleBytes }: Track): number {
  const bytes = Math.ceil((entry?.bitsPerSample ?? 16) / 8) * (entry?.channels ?? 1);
  return Math.max(fixedSampleBytes, bytes);
}
