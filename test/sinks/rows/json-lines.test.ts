import test from 'ava';
import { jsonLines, terminalSafe } from '../../../src/sinks/rows/json-lines.ts';

test('pieces of about 64 KiB, or one long value', (t) => {
  t.deepEqual([...jsonLines([{ a: 1 }, 'b'])], ['{"a":1}\n"b"\n']);
  t.deepEqual([...jsonLines([])], []);
  const pieces = [...jsonLines(Array.from({ length: 5 }, () => 'x'.repeat(40_000)))];
  t.deepEqual(
    pieces.map((piece) => piece.length),
    [80_006, 80_006, 40_003],
  );
});

test('lone surrogates anywhere in a batch change themselves alone, also where pieces end', (t) => {
  const values = Array.from({ length: 40 }, (_, i) => `${'x'.repeat(90_000)}${i % 7 === 0 ? '\ud800' : ''}${i}`);
  const lines = [...jsonLines(values)].join('').trimEnd().split('\n');
  t.deepEqual(
    lines.map((line) => JSON.parse(line)),
    values.map((value) => value.replace('\ud800', '\ufffd')),
  );
});

test('a value that cannot be written becomes an issue between its neighbours', (t) => {
  const cycle: Record<string, unknown> = { file: 'a.dcm', format: 'dicom', seq: 7, kind: 'field', path: 'x' };
  cycle.value = cycle;
  const thrower = {
    get value() {
      throw new Error('no');
    },
    get file() {
      throw new Error('no file either');
    },
  };
  const lines = [...jsonLines([1, cycle, 2, thrower, 3])]
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.deepEqual([lines[0], lines[2], lines[4]], [1, 2, 3]);
  t.like(lines[1], { file: 'a.dcm', format: 'dicom', seq: 7, kind: 'issue', code: 'ERR_LIMIT', path: 'x' });
  t.deepEqual(lines[3], { kind: 'issue', code: 'ERR_SINK', severity: 'error', message: 'no' });
});

test('no character that a terminal obeys gets through, and the value stays the same', (t) => {
  const value = 'red \u001b[31m del \u007f csi \u009b31m rlo \u202e isolate \u2066 mark \u200f line \u2028 caf\u00e9';
  const [line] = [...jsonLines([value])];
  t.notRegex(line!.trimEnd(), /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
  t.true(line!.includes('caf\u00e9'));
  t.is(JSON.parse(line!), value);
  t.is(terminalSafe('"\u007f"'), '"\\u007f"');
});
