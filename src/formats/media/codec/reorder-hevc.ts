import { BitReader } from './bit-reader.ts';
import { rawPayload } from './nal-unit.ts';

const SEQUENCE_PARAMETER_SET = 33;

/** As for H.264, by the first sequence parameter set of an `hvcC` (ISO/IEC 14496-15 8.3.3.1). */
export function reorderOfHevc(config: Buffer): number | undefined {
  const unit = sequenceParameterSet(config);
  if (!unit) return undefined;
  // ITU-T H.265 7.3.2.2.1, behind the two bytes of the unit's header
  const bits = new BitReader(rawPayload(unit.subarray(2)));
  bits.skip(4);
  const furtherLayers = bits.bits(3);
  bits.skip(1);
  skipProfile(bits, furtherLayers);
  bits.exponential();
  if (bits.exponential() === 3) bits.skip(1);
  bits.exponential();
  bits.exponential();
  if (bits.flag()) for (let i = 0; i < 4; i++) bits.exponential();
  for (let i = 0; i < 3; i++) bits.exponential();
  const isToldByLayer = bits.flag();
  let count = 0;
  for (let layer = isToldByLayer ? 0 : furtherLayers; layer <= furtherLayers; layer++) {
    bits.exponential();
    count = bits.exponential(); // sps_max_num_reorder_pics: that of the highest layer holds
    bits.exponential();
  }
  return bits.isOverrun || count > 16 ? undefined : count;
}

function sequenceParameterSet(config: Buffer): Buffer | undefined {
  let at = 23;
  for (let array = 0; array < (config[22] ?? 0); array++) {
    if (at + 3 > config.length) return undefined;
    const type = config[at]! & 63;
    const count = config.readUInt16BE(at + 1);
    at += 3;
    for (let i = 0; i < count; i++) {
      if (at + 2 > config.length) return undefined;
      const unitBytes = config.readUInt16BE(at);
      if (type === SEQUENCE_PARAMETER_SET) return config.subarray(at + 2, at + 2 + unitBytes);
      at += 2 + unitBytes;
    }
  }
  return undefined;
}

/** 7.3.3: profile_tier_level */
function skipProfile(bits: BitReader, furtherLayers: number): void {
  bits.skip(96);
  const layers: (readonly [hasProfile: boolean, hasLevel: boolean])[] = [];
  for (let i = 0; i < furtherLayers; i++) layers.push([bits.flag(), bits.flag()]);
  if (furtherLayers > 0) bits.skip(2 * (8 - furtherLayers));
  for (const [hasProfile, hasLevel] of layers) bits.skip((hasProfile ? 88 : 0) + (hasLevel ? 8 : 0));
}
