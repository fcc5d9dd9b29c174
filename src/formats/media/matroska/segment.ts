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
  /** Pictures that the decoder holds back to show them in order; `undefined` where the codec does not say. */
  readonly depth: number | undefined;
  /** Its first packet is decoded a frame before it is shown (MPEG-2, MPEG-4). */
  readonly leads: boolean;
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
