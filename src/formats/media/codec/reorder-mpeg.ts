import { BitReader } from './bit-reader.ts';

const PREFIX = Buffer.from([0, 0, 1]);

/** MPEG-2 holds back one picture, unless its sequence extension says `low_delay` (ISO/IEC 13818-2 6.2.2.3). */
export function reorderOfMpeg2(config: Buffer): number {
  for (const unit of units(config)) {
    if (unit[0] === 0xb5 && unit[1]! >> 4 === 1 && unit.length >= 7) return unit[6]! & 0x80 ? 0 : 1;
  }
  return 1;
}

/** MPEG-4 holds back one picture, unless its object layer says `low_delay` (ISO/IEC 14496-2 6.2.3). */
export function reorderOfMpeg4(config: Buffer): number | undefined {
  for (const unit of units(config)) {
    if (unit[0]! >= 0x20 && unit[0]! <= 0x2f) return objectLayerReorder(new BitReader(unit.subarray(1)));
  }
  return undefined;
}

function objectLayerReorder(bits: BitReader): number | undefined {
  bits.skip(1);
  const type = bits.bits(8);
  if (bits.flag()) bits.skip(7);
  if (bits.bits(4) === 15) bits.skip(16); // aspect ratio
  const hasControl = bits.flag();
  if (hasControl) bits.skip(2); // chroma format
  const reorder = hasControl ? (bits.flag() ? 0 : 1) : undefined;
  if (bits.isOverrun) return undefined;
  return reorder ?? (type === 1 ? 0 : undefined); // the simple type has no bidirectional pictures (table 6-10)
}

/** What stands between start codes. */
function* units(config: Buffer): Generator<Buffer> {
  for (let at = config.indexOf(PREFIX); at >= 0; ) {
    const next = config.indexOf(PREFIX, at + 3);
    const unit = config.subarray(at + 3, next < 0 ? config.length : next);
    if (unit.length > 1) yield unit;
    at = next;
  }
}
