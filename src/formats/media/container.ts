import type { BlockReader } from './block-reader.ts';
import type { MediaDraft } from './draft.ts';
import type { MediaOptions } from './options.ts';

/** What a container's reader works with. */
export interface ProbeContext {
  readonly reader: BlockReader;
  /** Filled as things are found. */
  readonly draft: MediaDraft;
  readonly options: MediaOptions;
  readonly maxObjects: number;
}

/** One packet of a stream, as the container stores it. */
export interface Packet {
  readonly streamIndex: number;
  /** Its number in the stream, in decode order. */
  readonly index: number;
  /** In units of the stream's time base; `undefined` where the container does not tell. */
  readonly dts: number | undefined;
  readonly pts: number | undefined;
  /** `undefined` where it is not one stretch of the file (MPEG-TS). */
  readonly offset: number | undefined;
  readonly lengthBytes: number;
  readonly isKeyframe: boolean;
  /** Units of the time base per second. */
  readonly timeScale: number;
  /** Matroska: first byte of the block that it is in, as `ffprobe` tells the position. */
  readonly blockOffset?: number | undefined;
}

/** A packet whose bytes stand together in the file. */
export interface LocatedPacket extends Packet {
  readonly offset: number;
}
