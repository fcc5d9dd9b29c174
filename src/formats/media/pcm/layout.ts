/** How one value of one channel is stored. */
export type SampleKind =
  | 'u8'
  | 's8'
  | 's16le'
  | 's16be'
  | 's24le'
  | 's24be'
  | 's32le'
  | 's32be'
  | 'f32le'
  | 'f32be'
  | 'f64le'
  | 'f64be'
  | 'alaw'
  | 'mulaw';

/** Where the sound of a PCM file is. */
export interface PcmLayout {
  readonly kind: SampleKind;
  readonly channels: number;
  readonly sampleRate: number;
  readonly dataOffset: number;
  /** As far as the input has them; of a pipe, as many as are declared. */
  readonly dataBytes: number;
  /** Of a pipe: nothing is declared, the sound goes on to its end. */
  readonly isEndless?: boolean | undefined;
}

const KIND_BYTES: Readonly<Record<SampleKind, number>> = {
  u8: 1,
  s8: 1,
  alaw: 1,
  mulaw: 1,
  s16le: 2,
  s16be: 2,
  s24le: 3,
  s24be: 3,
  s32le: 4,
  s32be: 4,
  f32le: 4,
  f32be: 4,
  f64le: 8,
  f64be: 8,
};

/** Bytes of one value. */
export function kindBytes(kind: SampleKind): number {
  return KIND_BYTES[kind];
}

/** The way of storage that an FFmpeg codec name stands for, if it is PCM that can be read here. */
export function kindOf(codec: string | undefined): SampleKind | undefined {
  const kind = codec?.startsWith('pcm_') ? codec.slice(4) : undefined;
  return kind !== undefined && Object.hasOwn(KIND_BYTES, kind) ? (kind as SampleKind) : undefined;
}
