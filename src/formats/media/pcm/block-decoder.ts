import { kindBytes, type SampleKind } from './layout.ts';
import { monoDecoder, valuesReader } from './mono-decoder.ts';
import { MonoBlock, ShortBlock, type SoundBlock } from './sound-block.ts';

/** Turns the bytes of whole frames into a block, which is valid until the next call. */
export type BlockDecoder = (bytes: Buffer) => SoundBlock;

/** 16-bit sound of one or two channels, which most of it is, is measured as it is; the rest is mixed first. */
export function blockDecoder(kind: SampleKind, channels: number): BlockDecoder {
  if (kind.startsWith('s16') && (channels === 1 || channels === 2)) {
    const block = new ShortBlock(channels);
    const valuesOf = valuesReader(kind);
    return (bytes) => {
      block.values = valuesOf(bytes) as Int16Array;
      return block;
    };
  }
  const decode = monoDecoder(kind, channels);
  const frameBytes = kindBytes(kind) * channels;
  const block = new MonoBlock(0);
  return (bytes) => {
    if (block.mono.length * frameBytes < bytes.length)
      block.mono = new Float64Array(Math.ceil(bytes.length / frameBytes));
    block.count = decode(bytes, block.mono);
    return block;
  };
}
