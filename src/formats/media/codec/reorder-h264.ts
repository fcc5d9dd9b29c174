import { BitReader } from './bit-reader.ts';
import { rawPayload } from './nal-unit.ts';

/** Profiles whose sequence parameter sets tell of chroma and scaling (ITU-T H.264 7.3.2.1.1). */
const HIGH_PROFILES: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const INTRA_PROFILES: ReadonlySet<number> = new Set([44, 86, 100, 110, 122, 244]);

/**
 * Pictures that may stand before another one in the stream and behind it on the screen, by the first sequence
 * parameter set of an `avcC` (ISO/IEC 14496-15 5.3.3.1). `undefined` where the stream does not say.
 */
export function reorderOfH264(config: Buffer): number | undefined {
  const setBytes = config.length >= 8 && (config[5]! & 31) > 0 ? config.readUInt16BE(6) : 0;
  if (setBytes < 4 || config.length < 8 + setBytes) return undefined;
  const bits = new BitReader(rawPayload(config.subarray(9, 8 + setBytes)));
  const profile = bits.bits(8);
  const constraints = bits.bits(8);
  const isIntra = INTRA_PROFILES.has(profile) && (constraints & 0x10) !== 0; // constraint_set3_flag
  bits.skip(8); // level
  bits.exponential();
  if (HIGH_PROFILES.has(profile)) skipChroma(bits);
  bits.exponential();
  const orderType = skipPictureOrder(bits);
  bits.exponential();
  bits.skip(1);
  bits.exponential();
  bits.exponential();
  if (!bits.flag()) bits.skip(1); // frame_mbs_only_flag, else mb_adaptive_frame_field_flag
  bits.skip(1);
  if (bits.flag()) for (let i = 0; i < 4; i++) bits.exponential();
  const declared = bits.flag() ? readUsability(bits) : undefined;
  if (bits.isOverrun) return undefined;
  // E.2.1: intra profiles never reorder; nor does picture order of type 2 (8.2.1.3)
  return declared ?? (isIntra || orderType === 2 ? 0 : undefined);
}

function skipChroma(bits: BitReader): void {
  const chroma = bits.exponential();
  if (chroma === 3) bits.skip(1);
  bits.exponential();
  bits.exponential();
  bits.skip(1);
  if (!bits.flag()) return;
  for (let i = 0; i < (chroma === 3 ? 12 : 8); i++) if (bits.flag()) skipScalingList(bits, i < 6 ? 16 : 64);
}

/** 7.3.2.1.1.1 */
function skipScalingList(bits: BitReader, count: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < count; i++) {
    if (next !== 0) next = (last + bits.signedExponential() + 256) % 256;
    last = next === 0 ? last : next;
  }
}

function skipPictureOrder(bits: BitReader): number {
  const type = bits.exponential();
  if (type === 0) bits.exponential();
  if (type !== 1) return type;
  bits.skip(1);
  bits.exponential();
  bits.exponential();
  const cycle = Math.min(bits.exponential(), 255);
  for (let i = 0; i < cycle; i++) bits.exponential();
  return type;
}

/** E.1.1: `max_num_reorder_frames` at the end of the video usability information. */
function readUsability(bits: BitReader): number | undefined {
  if (bits.flag() && bits.bits(8) === 255) bits.skip(32); // aspect ratio
  if (bits.flag()) bits.skip(1); // overscan
  if (bits.flag()) {
    bits.skip(4); // video signal
    if (bits.flag()) bits.skip(24);
  }
  if (bits.flag()) {
    bits.exponential(); // place of chroma samples
    bits.exponential();
  }
  if (bits.flag()) bits.skip(65); // timing
  const hasNalRate = bits.flag();
  if (hasNalRate) skipRate(bits);
  const hasVclRate = bits.flag();
  if (hasVclRate) skipRate(bits);
  if (hasNalRate || hasVclRate) bits.skip(1);
  bits.skip(1);
  if (!bits.flag()) return undefined; // bitstream_restriction_flag
  bits.skip(1);
  for (let i = 0; i < 4; i++) bits.exponential();
  const count = bits.exponential();
  return count <= 16 ? count : undefined;
}

/** E.1.2 */
function skipRate(bits: BitReader): void {
  const count = Math.min(bits.exponential() + 1, 32);
  bits.skip(8);
  for (let i = 0; i < count; i++) {
    bits.exponential();
    bits.exponential();
    bits.skip(1);
  }
  bits.skip(20);
}
