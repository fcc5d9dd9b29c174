import test from 'ava';
import { PressureScale, presentPressure, saysPressure, underPressure } from '../../src/memory/pressure.ts';

test('a level is entered at once', (t) => {
  const scale = new PressureScale();
  t.is(scale.update(0.5, false, 0), 'normal');
  t.is(scale.update(0.6, false, 1), 'elevated');
  t.is(scale.update(0.9, false, 2), 'critical');
});

test('and left one at a time, well below its entry, when that has lasted', (t) => {
  const scale = new PressureScale();
  scale.update(0.9, false, 0);
  t.is(scale.update(0.86, false, 10_000), 'critical', 'not far enough below');
  t.is(scale.update(0.1, false, 20_000), 'critical', 'not long enough');
  t.is(scale.update(0.1, false, 20_400), 'critical');
  t.is(scale.update(0.1, false, 20_500), 'high');
  t.is(scale.update(0.8, false, 20_900), 'high', 'back again: the time counts anew');
  t.is(scale.update(0.1, false, 21_100), 'high');
  t.is(scale.update(0.1, false, 21_600), 'elevated');
  t.is(scale.update(0.1, false, 22_100), 'normal');
});

test('strain raises what is not normal', (t) => {
  t.is(new PressureScale().update(0.5, true, 0), 'normal');
  t.is(new PressureScale().update(0.61, true, 0), 'high');
  t.is(new PressureScale().update(2, true, 0), 'critical');
});

test.serial('the worst that is said counts, and lowers concurrency', (t) => {
  const [one, two] = [{}, {}];
  saysPressure(one, 'high');
  saysPressure(two, 'critical');
  t.deepEqual([presentPressure(), underPressure(16), underPressure(1)], ['critical', 4, 1]);
  saysPressure(two, undefined);
  t.deepEqual([presentPressure(), underPressure(16), underPressure(3)], ['high', 8, 1]);
  saysPressure(one, 'elevated');
  t.is(underPressure(16), 16);
  saysPressure(one, undefined);
  t.is(presentPressure(), 'normal');
});
