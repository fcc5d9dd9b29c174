import test from 'ava';
import fc from 'fast-check';
import { BitReader } from '../../../src/formats/media/codec/bit-reader.ts';
import { DecodeTimes } from '../../../src/formats/media/codec/decode-times.ts';
import { rawPayload } from '../../../src/formats/media/codec/nal-unit.ts';
import { reorderDepth } from '../../../src/formats/media/codec/reorder-depth.ts';

/** Bits as text, `1` and `0`; a number is an Exp-Golomb code. */
function bits(...parts: readonly (string | number)[]): Buffer {
  const text = parts.map((part) => (typeof part === 'string' ? part : golomb(part))).join('');
  const bytes = `${text}1`.padEnd(Math.ceil((text.length + 1) / 8) * 8, '0').match(/.{8}/g)!;
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

function golomb(value: number): string {
  const code = (value + 1).toString(2);
  return '0'.repeat(code.length - 1) + code;
}

function binary(value: number, count: number): string {
  return value.toString(2).padStart(count, '0');
}

/** ISO/IEC 14496-15 5.3.3.1 */
function avcC(set: Buffer): Buffer {
  const length = Buffer.from([(set.length + 1) >> 8, (set.length + 1) & 255]);
  return Buffer.concat([Buffer.from([1, set[0]!, 0, 30, 0xff, 0xe1]), length, Buffer.from([0x67]), set]);
}

/** ITU-T H.264 7.3.2.1.1 of 4 x 3 macroblocks: profile, constraints and what follows the crop. */
function h264(profile: number, constraints: number, orderType: 0 | 2, ...usability: (string | number)[]): Buffer {
  const high = profile === 100 || profile === 110 ? [1, 0, 0, '0', '0'] : [];
  const order = orderType === 0 ? [0, 2] : [2];
  const head = [binary(profile, 8), binary(constraints, 8), binary(30, 8), 0, ...high, 0, ...order];
  return avcC(bits(...head, 2, '0', 3, 2, '1', '1', '0', ...usability));
}

const NO_USABILITY = '0';
/** Nothing but `bitstream_restriction_flag`. */
const RESTRICTED = (reorder: number): (string | number)[] => ['1', '00000000', '1', '1', 0, 0, 10, 10, reorder, 4];

test('Exp-Golomb codes come back as they were written', (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000)), (values) => {
      const reader = new BitReader(bits(...values));
      for (const value of values) if (reader.exponential() !== value) return false;
      return !reader.isOverrun;
    }),
  );
  const signed = new BitReader(bits(0, 1, 2, 3, 4));
  t.deepEqual(
    [0, 0, 0, 0, 0].map(() => signed.signedExponential()).map((v) => v + 0),
    [0, 1, -1, 2, -2],
  );
});

test('bytes that were put in against start codes are taken out', (t) => {
  t.deepEqual([...rawPayload(Buffer.from([1, 0, 0, 3, 1, 0, 0, 3, 0, 0, 3]))], [1, 0, 0, 1, 0, 0, 0, 0]);
});

test('H.264 tells its depth in the usability information', (t) => {
  for (const depth of [0, 2, 16]) t.is(reorderDepth('h264', h264(77, 0, 0, ...RESTRICTED(depth))), depth);
  t.is(reorderDepth('h264', h264(100, 0, 0, ...RESTRICTED(3))), 3);
});

test('H.264 without it never reorders in intra profiles and with picture order of type 2', (t) => {
  t.is(reorderDepth('h264', h264(110, 0x10, 0, NO_USABILITY)), 0);
  t.is(reorderDepth('h264', h264(66, 0, 2, NO_USABILITY)), 0);
  t.is(reorderDepth('h264', h264(77, 0, 0, NO_USABILITY)), undefined);
});

test('HEVC tells its depth for its highest layer', (t) => {
  const unit = (layers: number, ...counts: (readonly [number, number, number])[]): Buffer => {
    const furtherFlags = layers > 0 ? '00'.repeat(layers) + '00'.repeat(8 - layers) : '';
    const head = ['0000', binary(layers, 3), '1', '0'.repeat(96), furtherFlags, 0, 1, 64, 48, '0', 0, 0, 4];
    return Buffer.concat([Buffer.from([0x42, 1]), bits(...head, '1', ...counts.flat())]);
  };
  const hvcC = (set: Buffer): Buffer => {
    const arrays = Buffer.from([2, 32, 0, 1, 0, 1, 0x40, 33, 0, 1, set.length >> 8, set.length & 255]);
    return Buffer.concat([Buffer.alloc(22), arrays, set]);
  };
  t.is(reorderDepth('hevc', hvcC(unit(0, [4, 2, 0]))), 2);
  t.is(reorderDepth('hevc', hvcC(unit(1, [4, 1, 0], [5, 3, 0]))), 3);
});

test('MPEG-2 and MPEG-4 hold back one picture unless they say low_delay', (t) => {
  const extension = (low: number): Buffer => Buffer.from([0, 0, 1, 0xb5, 0x14, 0x8a, 0, 1, 0, low << 7, 0]);
  t.is(reorderDepth('mpeg2video', extension(0)), 1);
  t.is(reorderDepth('mpeg2video', extension(1)), 0);
  const layer = (type: number, ...control: string[]): Buffer =>
    Buffer.concat([Buffer.from([0, 0, 1, 0x20]), bits('0', binary(type, 8), '0', '0001', ...control)]);
  t.is(reorderDepth('mpeg4', layer(17, '1', '01', '0')), 1);
  t.is(reorderDepth('mpeg4', layer(17, '1', '01', '1')), 0);
  t.is(reorderDepth('mpeg4', layer(1, '0')), 0);
});

test('a configuration of any bytes gives a depth of 0 to 16, or none', (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom('h264', 'hevc', 'mpeg4', 'mpeg2video'),
      fc.uint8Array({ maxLength: 200 }),
      (codec, raw) => {
        const depth = reorderDepth(codec, Buffer.from(raw));
        return depth === undefined || (Number.isInteger(depth) && depth >= 0 && depth <= 16);
      },
    ),
  );
  t.pass();
});

test('decode times rise, and none is later than its presentation time', (t) => {
  const times = new DecodeTimes(2);
  const presented = [0, 120, 40, 80, 240, 160, 200];
  const decoded = presented.map((time) => times.next(time));
  t.deepEqual(decoded, [undefined, undefined, 0, 40, 80, 120, 160]);
  const led = new DecodeTimes(1, 40);
  t.deepEqual(
    [0, 120, 40].map((time) => led.next(time)),
    [-40, 0, 40],
  );
});
