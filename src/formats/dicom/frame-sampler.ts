import { isPromise } from '../../bytes/input.ts';
import type { Recorder } from '../recorder.ts';
import { tagKey } from './dictionary.ts';
import { FrameCutter, type FramePart } from './frame-parts.ts';
import { FrameStatistics } from './frame-statistics.ts';
import type { PendingPixels, PixelTracker } from './pixel-tracker.ts';
import { readRange } from './read-range.ts';
import type { Scan } from './scan.ts';

interface OpenFrame {
  readonly index: number;
  readonly offset: number;
  end: number;
  fragments: number;
}

/** A `sample` for each frame of the pixel data; see `pixelData` of the options. Holds one chunk of pixels. */
export class FrameSampler {
  readonly #scan: Scan;
  readonly #tracker: PixelTracker;
  readonly #out: Recorder;
  readonly #chunkBytes: number;
  readonly #cutter: FrameCutter;
  #open: OpenFrame | undefined;

  constructor(scan: Scan, tracker: PixelTracker, out: Recorder, chunkBytes: number) {
    this.#scan = scan;
    this.#tracker = tracker;
    this.#out = out;
    this.#chunkBytes = Math.ceil(chunkBytes / 8) * 8;
    this.#cutter = new FrameCutter(tracker);
  }

  /** Samples what the scanner has paused at; yields when the recorder is full. */
  async *take(): AsyncGenerator<void, void, void> {
    const pixels = this.#tracker.pending!;
    this.#tracker.pending = undefined;
    if (pixels.kind === 'native') yield* this.#takeNative(pixels);
    else if (pixels.kind === 'fragment') {
      const part = this.#cutter.fragment(pixels, this.#scan);
      this.#takeFragment(pixels, isPromise(part) ? await part : part);
    } else this.#flush(pixels.tag);
  }

  async *#takeNative(pixels: PendingPixels): AsyncGenerator<void, void, void> {
    for (const part of this.#cutter.native(pixels)) {
      const statistics = new FrameStatistics(this.#tracker.pixelKind(pixels.tag), pixels.isLittle);
      for await (const piece of readRange(this.#scan.window, part.offset, part.lengthBytes, this.#chunkBytes)) {
        statistics.add(piece);
      }
      this.#sample(pixels.tag, part.frameIndex, part.offset, part.lengthBytes, statistics.toJson());
      if (this.#out.isFull) yield;
    }
  }

  #takeFragment(pixels: PendingPixels, part: FramePart): void {
    if (part.isFirst || this.#open === undefined) {
      this.#flush(pixels.tag);
      this.#open = { index: part.frameIndex, offset: part.offset, end: 0, fragments: 0 };
    }
    this.#open.end = part.offset + part.lengthBytes;
    this.#open.fragments++;
  }

  #flush(tag: number): void {
    if (this.#open === undefined) return;
    const { index, offset, end, fragments } = this.#open;
    this.#sample(tag, index, offset, end - offset, { fragments });
    this.#open = undefined;
  }

  #sample(tag: number, index: number, offset: number, length: number, value: ReturnType<FrameStatistics['toJson']>) {
    const isInFile = this.#scan.deflatedOffset === undefined;
    this.#out.sample({ path: tagKey(tag), index, offset: isInFile ? offset : undefined, length, value });
  }
}
