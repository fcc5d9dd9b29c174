import test from 'ava';
import fc from 'fast-check';
import { isoTime } from '../../src/bytes/iso-time.ts';

test('a time is written as Date writes it', (t) => {
  for (const epochMs of [0, -1, 1.5, 951_782_400_000, 253_402_300_799_999, 253_402_300_800_000, -62_167_219_200_001])
    t.is(isoTime(epochMs), new Date(epochMs).toISOString());
  fc.assert(fc.property(fc.date({ noInvalidDate: true }), (date) => isoTime(date.getTime()) === date.toISOString()));
});

test('what is no time is refused as Date refuses it', (t) => {
  t.throws(() => isoTime(Number.NaN), { instanceOf: RangeError });
});
