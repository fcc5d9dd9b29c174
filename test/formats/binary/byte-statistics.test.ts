import test from 'ava';
import fc from 'fast-check';
import { ByteStatistics } from '../../../src/formats/binary/byte-statistics.ts';
import { runs } from '../../support/runs.ts';

/** The same figures by the plainest means: a sorted array and sums of it. */
function plainly(bytes: Uint8Array) {
  const values = Array.from(bytes);
  const shares = [...new Set(values)].map((byte) => values.filter((value) => value === byte).length / values.length);
  return {
    entropy: shares.map((share) => share * Math.log2(1 / share)).reduce((a, b) => a + b, 0),
    min: Math.min(...values),
    max: Math.max(...values),
    mean: values.reduce((a, b) => a + b, 0) / values.length,
    distinct: shares.length,
    zeroRatio: values.filter((value) => value === 0).length / values.length,
  };
}

test('statistics are those of the bytes, however they are cut', (t) => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 8 });
  const property = fc.property(pieces, (parts) => {
    const whole = Buffer.concat(parts);
    fc.pre(whole.length > 0);
    const statistics = new ByteStatistics();
    for (const part of parts) statistics.add(part);
    const { entropy, ...exact } = statistics.summary();
    const { entropy: expectedEntropy, ...expected } = plainly(whole);
    t.deepEqual(exact, expected);
    t.true(Math.abs((entropy as number) - expectedEntropy) < 1e-12);
    t.is(statistics.totalBytes, whole.length);
  });
  fc.assert(property, { numRuns: runs(2000) });
});

test('entropy is 0 for one value, 1 for a coin, 8 where all values are alike', (t) => {
  const entropyOf = (bytes: Uint8Array) => {
    const statistics = new ByteStatistics();
    statistics.add(bytes);
    return statistics.summary().entropy;
  };
  t.is(entropyOf(new Uint8Array(1000).fill(7)), 0);
  t.is(entropyOf(Uint8Array.from({ length: 1000 }, (_, i) => i & 1)), 1);
  t.is(entropyOf(Uint8Array.from({ length: 1024 }, (_, i) => i & 255)), 8);
});

test('the histogram counts each value, and reset forgets them', (t) => {
  const statistics = new ByteStatistics();
  statistics.add(Uint8Array.from([0, 0, 0, 0, 0, 255, 3]));
  const histogram = statistics.histogram();
  t.is(histogram[0], 5);
  t.is(histogram[3], 1);
  t.is(histogram[255], 1);
  t.is(
    histogram.reduce((a, b) => a + b),
    7,
  );
  statistics.reset();
  statistics.add(Uint8Array.from([9]));
  t.deepEqual(statistics.summary(), { entropy: 0, min: 9, max: 9, mean: 9, distinct: 1, zeroRatio: 0 });
});
