import { type Input, isPromise } from '../../bytes/input.ts';
import { nonNegativeInteger, positiveInteger } from '../../options.ts';
import { KiB, MiB } from '../../units.ts';
import { FrameCutter, type FramePart } from './frame-parts.ts';
import { isPixelData, PixelTracker } from './pixel-tracker.ts';
import { QuietVisitor } from './quiet-visitor.ts';
import { readRange } from './read-range.ts';
import { Scan } from './scan.ts';
import type { ScanState } from './scan-state.ts';
import { Scanner } from './scanner.ts';

/** Options for {@link readFrames}. */
export interface FrameOptions {
  readonly signal?: AbortSignal | undefined;
  /** First frame. @defaultValue 0 */
  readonly firstFrame?: number | undefined;
  /** Frames to read. @defaultValue all */
  readonly frameCount?: number | undefined;
  /** Bytes per chunk, at most. @defaultValue 256 KiB */
  readonly chunkBytes?: number | undefined;
}

/** Bytes of a frame as they are in the file: native pixels, or the codestream without the items around it. */
export interface FrameChunk {
  /** 0, 1, 2 ... */
  readonly frameIndex: number;
  /** Where the bytes stand in the input (in what it inflates to, if it is compressed). */
  readonly offset: number;
  /** A view that is valid until the next chunk is asked for. */
  readonly bytes: Buffer;
  /** The first chunk of its frame. */
  readonly isFirst: boolean;
}

/**
 * The pixel data of a DICOM input, frame after frame, in chunks. Nothing is decoded. Holds one chunk and the Basic
 * Offset Table (1 MiB at most). Fails with `ERR_OPTION` at the call, with the errors of the input, and with those of
 * the file (`ERR_TRUNCATED_INPUT`, `ERR_MALFORMED`) behind the chunks that could be read. The caller closes the input.
 */
export function readFrames(input: Input, options: FrameOptions = {}): AsyncGenerator<FrameChunk, void, void> {
  const firstFrame = nonNegativeInteger('firstFrame', options.firstFrame ?? 0);
  const frameCount = positiveInteger('frameCount', options.frameCount ?? Number.POSITIVE_INFINITY);
  const chunkBytes = positiveInteger('chunkBytes', options.chunkBytes ?? 256 * KiB);
  return chunksOf(input, firstFrame, firstFrame + frameCount, chunkBytes, options.signal);
}

async function* chunksOf(
  input: Input,
  first: number,
  end: number,
  chunkBytes: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<FrameChunk, void, void> {
  const tracker = new PixelTracker();
  const scan = new Scan(input, new Scanner(new PixelVisitor(tracker)), { signal });
  const cutter = new FrameCutter(tracker);
  try {
    for (;;) {
      const step = scan.next();
      if (isPromise(step) ? await step : step) return;
      const pixels = tracker.pending;
      tracker.pending = undefined;
      if (pixels === undefined) continue;
      if (pixels.kind === 'end') return;
      const parts = pixels.kind === 'native' ? cutter.native(pixels) : [await cutter.fragment(pixels, scan)];
      for (const part of parts) {
        if (part.frameIndex >= end) return;
        if (part.frameIndex >= first) yield* chunksOfPart(scan, part, chunkBytes);
      }
    }
  } finally {
    scan.close();
  }
}

async function* chunksOfPart(scan: Scan, part: FramePart, chunkBytes: number): AsyncGenerator<FrameChunk, void, void> {
  let { offset } = part;
  for await (const bytes of readRange(scan.window, offset, part.lengthBytes, chunkBytes)) {
    yield { frameIndex: part.frameIndex, offset, bytes, isFirst: part.isFirst && offset === part.offset };
    offset += bytes.length;
  }
}

/** Looks at nothing but the pixel data and what describes them. */
class PixelVisitor extends QuietVisitor {
  readonly #tracker: PixelTracker;

  constructor(tracker: PixelTracker) {
    super();
    this.#tracker = tracker;
  }

  override selects(tag: number): boolean {
    return isPixelData(tag) || this.#tracker.isFact(tag);
  }

  override wantsValue(tag: number, _vr: number, lengthBytes: number): boolean {
    return !isPixelData(tag) && lengthBytes <= KiB;
  }

  override element(scan: ScanState): void {
    if (scan.stack.depth === 0) this.#tracker.element(scan);
  }

  override wantsFragment(index: number, lengthBytes: number): boolean {
    return index === 0 && lengthBytes <= MiB;
  }

  override fragment(scan: ScanState): void {
    if (!scan.isCut) this.#tracker.fragment(scan);
  }

  override closeFragments(scan: ScanState): void {
    this.#tracker.closeFragments(scan);
  }
}
