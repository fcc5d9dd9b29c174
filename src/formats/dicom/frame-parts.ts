import type { PendingPixels, PixelTracker } from './pixel-tracker.ts';
import type { Scan } from './scan.ts';

/** A contiguous piece of a frame: all of a native one, a fragment of an encapsulated one. */
export interface FramePart {
  readonly frameIndex: number;
  /** The first piece of its frame. */
  readonly isFirst: boolean;
  readonly offset: number;
  readonly lengthBytes: number;
}

/** Cuts the pixels at which the scanner has paused into frames. Holds the offset table, 1 MiB at most. */
export class FrameCutter {
  readonly #tracker: PixelTracker;
  #frameIndex = -1;
  #tableIndex = 0;
  #firstItemOffset = 0;
  #hasMarkers = false;

  constructor(tracker: PixelTracker) {
    this.#tracker = tracker;
  }

  /** The parts of native pixel data, computed one by one; pixels beyond the last whole frame are none. */
  *native(pixels: PendingPixels): Generator<FramePart, void, void> {
    const frameBits = this.#tracker.frameBits(pixels.tag);
    if (frameBits === undefined) {
      yield { frameIndex: 0, isFirst: true, offset: pixels.offset, lengthBytes: pixels.lengthBytes };
      return;
    }
    const count = Math.min(this.#tracker.frameCount, Math.floor((pixels.lengthBytes * 8) / frameBits));
    for (let frameIndex = 0; frameIndex < count; frameIndex++) {
      // PS3.5 8.1.1: frames of one bit a pixel follow one another without padding
      const start = Math.floor((frameIndex * frameBits) / 8);
      const end = Math.ceil(((frameIndex + 1) * frameBits) / 8);
      yield { frameIndex, isFirst: true, offset: pixels.offset + start, lengthBytes: end - start };
    }
  }

  /** The fragment as a part of the frame that it belongs to. A promise only if the input has to be waited for. */
  fragment(pixels: PendingPixels, scan: Scan): FramePart | Promise<FramePart> {
    if (!this.#needsMarkers) return this.#part(pixels, this.#startsFrame(pixels));
    const waiting = scan.window.ensure(pixels.offset, Math.min(4, pixels.lengthBytes));
    const part = () => this.#part(pixels, this.#startsByMarker(pixels, scan));
    return waiting === undefined ? part() : waiting.then(part);
  }

  #part(pixels: PendingPixels, isFirst: boolean): FramePart {
    if (isFirst) this.#frameIndex++;
    const frameIndex = Math.max(0, this.#frameIndex);
    return { frameIndex, isFirst, offset: pixels.offset, lengthBytes: pixels.lengthBytes };
  }

  /** No table: the frames of several have to be told apart by their first bytes. */
  get #needsMarkers(): boolean {
    const { offsetTable, hasExtendedTable, frameCount } = this.#tracker;
    return offsetTable.length < 4 && !hasExtendedTable && frameCount > 1;
  }

  #startsFrame(pixels: PendingPixels): boolean {
    const { offsetTable, hasExtendedTable } = this.#tracker;
    if (pixels.fragmentIndex === 0) this.#firstItemOffset = pixels.offset;
    if (offsetTable.length < 4) return hasExtendedTable || pixels.fragmentIndex === 0;
    const at = 4 * this.#tableIndex;
    const isNext = at + 4 <= offsetTable.length;
    if (!isNext || pixels.offset - this.#firstItemOffset < offsetTable.readUInt32LE(at)) return this.#frameIndex < 0;
    this.#tableIndex++;
    return true;
  }

  /** A codestream begins with SOI (JPEG, JPEG-LS) or SOC (JPEG 2000); a codec without them has a fragment a frame. */
  #startsByMarker(pixels: PendingPixels, scan: Scan): boolean {
    const { bytes, start } = scan.window;
    const at = pixels.offset - start;
    const isMarker = bytes[at] === 0xff && (bytes[at + 1] === 0xd8 || bytes[at + 1] === 0x4f);
    if (pixels.fragmentIndex === 0) this.#hasMarkers = isMarker;
    return isMarker || !this.#hasMarkers || pixels.fragmentIndex === 0;
  }
}
