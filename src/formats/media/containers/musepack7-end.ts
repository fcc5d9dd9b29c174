import { isPromise } from '../../../bytes/input.ts';
import type { BlockReader } from '../block-reader.ts';

const HEADER_BYTES = 24;
/** More frames than 14 hours have. */
const MAX_FRAMES = 2_000_000;
const LENGTH_BITS = 20;
const LAST_FRAME_BITS = 11;

/**
 * Where the sound of a Musepack SV7 file ends: behind its header, frames that each say in 20 bits how many bits they
 * have, then 11 bits, all of it in words of 32 bits, lowest byte first.
 */
export async function musepack7End(reader: BlockReader, start: number, frames: number): Promise<number | undefined> {
  if (frames > MAX_FRAMES) return undefined;
  const dataOffset = start + HEADER_BYTES;
  let bits = 8; // the version of the encoder
  for (let frame = 0; frame < frames; frame++) {
    const wordOffset = dataOffset + Math.floor(bits / 32) * 4;
    const view = reader.view(wordOffset, 8);
    const words = isPromise(view) ? await view : view;
    const neededBytes = (bits % 32) + LENGTH_BITS > 32 ? 8 : 4;
    if (words.length < neededBytes) return wordOffset + neededBytes;
    const high = words.readUInt32LE(0);
    const low = neededBytes === 8 ? words.readUInt32LE(4) : 0;
    const both = (BigInt(high) << 32n) | BigInt(low);
    bits += LENGTH_BITS + Number((both >> BigInt(64 - (bits % 32) - LENGTH_BITS)) & 0xfffffn);
  }
  return dataOffset + Math.ceil((bits + LAST_FRAME_BITS) / 32) * 4;
}
