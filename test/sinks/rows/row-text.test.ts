import test from 'ava';
import fc from 'fast-check';
import type { Cell, Row } from '../../../src/sinks/rows/row.ts';
import { type Dialect, RowText } from '../../../src/sinks/rows/row-text.ts';
import { KiB } from '../../../src/units.ts';
import { runs } from '../../support/runs.ts';

const DIALECT: Dialect = {
  separator: '|',
  lineEnd: ';\n',
  nothing: '~',
  mayBegin: (char) => char !== '=',
  mayHold: (char) => !/[|<\0]/.test(char),
  field: (text) => (text.includes('\0') ? undefined : fieldOf(text)),
  instead: (row) => row.map((cell) => (String(cell).includes('\0') ? 'gone' : cell)),
};

const isPlain = (text: string) => /^[^=|<\u0080-\uffff][^|<\u0080-\uffff]*$/.test(text);
const fieldOf = (text: string) => (isPlain(text) ? text : `<${text.replace(/[|<]/g, (char) => `<${char}`)}`);

/** The same, by joining strings. */
function lineOf(row: Row): string {
  const fields = DIALECT.instead(row).map((cell) => {
    if (cell === null) return '~';
    if (typeof cell === 'string') return fieldOf(cell);
    return Object.is(cell, -0) ? '-0' : String(cell);
  });
  return `${fields.join('|')};\n`;
}

const edge = fc.constantFrom(0, -0, 1, 9, 10, 99, 100, 2 ** 31 - 1, 2 ** 31, -1, 1e21, 0.1, Number.MAX_SAFE_INTEGER);
const text = fc.oneof(
  fc.constantFrom('', 'a', '=1', 'x\0y', 'a|b', '\u00e9', '\ud83d\ude00', 'repeated text'),
  fc.string({ unit: 'grapheme' }),
);
const anyCell: fc.Arbitrary<Cell> = fc.oneof(fc.constant(null), edge, fc.integer(), fc.double(), fc.bigInt(), text);
const anyRows = fc.integer({ min: 1, max: 5 }).chain((count) => {
  const row = fc.array(anyCell, { minLength: count, maxLength: count });
  return fc.array(row, { maxLength: 30 });
});

test('rows come out as joining their fields makes them, whatever came before', (t) => {
  const rowText = new RowText(DIALECT);
  const property = fc.property(anyRows, (rows) => {
    const finite = rows.map((row) => row.map((cell) => (Number.isNaN(cell) ? null : cell)));
    t.is([...rowText.pieces(finite)].join(''), finite.map(lineOf).join(''));
  });
  t.notThrows(() => fc.assert(property, { numRuns: runs(5000) }));
});

test('long text does not depend on how it is cut into pieces of about 64 KiB', (t) => {
  const rowText = new RowText(DIALECT);
  const lengths = [1, 60 * KiB, 40 * KiB, 43 * KiB, 44 * KiB, 128 * KiB, 1000 * KiB, 3, 3, 21 * KiB];
  for (const unit of ['a', '\u20ac', '|', '\0']) {
    const rows = lengths.map((length, i): Row => ['same', unit.repeat(length), i]);
    const pieces = [...rowText.pieces(rows)];
    t.true(pieces.join('') === rows.map(lineOf).join(''), unit);
    t.true(pieces.length > 3);
  }
});

test('the pieces of many short rows are as long as one read of a disk', (t) => {
  const rows = Array.from({ length: 20_000 }, (_, i): Row => ['a name', i, null, `value ${i}`]);
  const pieces = [...new RowText(DIALECT).pieces(rows)];
  for (const piece of pieces.slice(0, -1)) t.true(piece.length >= 64 * KiB && piece.length < 65 * KiB);
  t.true(pieces.join('') === rows.map(lineOf).join(''));
});
