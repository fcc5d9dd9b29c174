import { isPromise } from '../../../bytes/input.ts';
import type { BlockReader } from '../block-reader.ts';
import type { Track } from './movie.ts';
import { SampleCursor } from './sample-cursor.ts';

/** PCM frames in one packet, as in FFmpeg's demuxer. */
const PACKET_FRAMES = 1024;

/**
 * Steps through sound whose samples are single PCM frames (QuickTime): as many as 1,024 that follow each other in a
 * chunk make one packet. Same fields as a {@link SampleCursor}.
 */
export class SoundCursor {
  readonly track: Track;
  index = -1;
  offset = 0;
  lengthBytes = 0;
  dts = 0;
  readonly compositionOffset = 0;
  readonly isKeyframe = true;
  duration = 0;
  readonly #chunks: SampleCursor;
  #left = 0;

  /** Samples of a fixed size and a duration of 1 are PCM frames. */
  static fits(track: Track): boolean {
    const isPcm = track.entry?.codec?.startsWith('pcm_') ?? false;
    return track.type === 'audio' && isPcm && track.fixedSampleBytes > 0 && track.tables.get('stts')?.count === 1;
  }

  constructor(reader: BlockReader, track: Track) {
    this.track = track;
    this.#chunks = new SampleCursor(reader, track);
  }

  next(): boolean | Promise<boolean> {
    const frameBytes = this.#frameBytes();
    if (this.#left === 0) {
      const moved = this.#chunks.nextChunk();
      if (isPromise(moved)) return moved.then((isThere) => isThere && this.#take(frameBytes, true));
      if (!moved) return false;
      return this.#take(frameBytes, true);
    }
    return this.#take(frameBytes, false);
  }

  #take(frameBytes: number, isFirst: boolean): boolean {
    if (isFirst) this.#left = this.#chunks.chunkSamples;
    this.offset = isFirst ? this.#chunks.offset : this.offset + this.lengthBytes;
    this.dts += this.duration;
    this.duration = Math.min(PACKET_FRAMES, this.#left);
    this.#left -= this.duration;
    this.lengthBytes = this.duration * frameBytes;
    this.index++;
    return true;
  }

  /** QTFF: `stsz` of compressed and of old PCM tracks says 1; the frame is that of all channels. */
  #frameBytes(): number {
    const { entry, fixedSampleBytes } = this.track;
    const bytes = Math.ceil((entry?.bitsPerSample ?? 16) / 8) * (entry?.channels ?? 1);
    return Math.max(fixedSampleBytes, bytes);
  }
}
