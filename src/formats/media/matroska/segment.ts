/** One track of a Matroska file. */
export interface MatroskaTrack {
  readonly number: number;
  readonly streamIndex: number;
  readonly isVideo: boolean;
  /** Nanoseconds that come off every timestamp (CodecDelay). */
  readonly codecDelay: number;
  /** Nanoseconds from frame to frame (DefaultDuration); 0 if unknown. */
  readonly frameNanoseconds: number;
  readonly isOpus: boolean;
  /** The codec may show frames in another order than it stores them. */
  readonly isReordered: boolean;
}

/** What the packets of a Matroska file need to know. */
export interface Segment {
  dataOffset: number;
  endOffset: number;
  isUnknownSize: boolean;
  /** Nanoseconds per unit of a timestamp. */
  timestampScale: number;
  firstClusterOffset: number;
  readonly tracks: MatroskaTrack[];
}
