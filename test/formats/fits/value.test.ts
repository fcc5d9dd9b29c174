import test from 'ava';
import { parseCard } from '../../../src/formats/fits/header/card.ts';
import { parseValue } from '../../../src/formats/fits/header/value.ts';
import { raw } from './build.ts';

const CASES: readonly [string, string, unknown, string?][] = [
  ["'it''s'", 'string', "it's"],
  ["'abc     '           / the rest", 'string', 'abc', 'the rest'],
  ["''", 'string', ''],
  ["'a / b' / c", 'string', 'a / b', 'c'],
  ["'a'b' / lone quote", 'string', "a'b", 'lone quote'],
  ['                   T / yes', 'bool', true, 'yes'],
  ['F', 'bool', false],
  ['                  42 / int', 'int', 42, 'int'],
  ['+7', 'int', 7],
  ['-0', 'int', 0],
  ['- 5', 'int', -5],
  ['007', 'int', 7],
  ['9007199254740993', 'int', '9007199254740993'],
  ['-9223372036854775808', 'int', '-9223372036854775808'],
  ['1.', 'float', 1],
  ['.5', 'float', 0.5],
  ['1.5D3', 'float', 1500],
  ['1.5d-3 / d', 'float', 0.0015, 'd'],
  ['-1E5', 'float', -100_000],
  ['1E999', 'float', 'Infinity'],
  ['(1, -2)', 'complex', [1, -2]],
  ['(1.5E1,2.D0) / z', 'complex', [15, 2], 'z'],
  ['', 'undefined', null],
  ['   / no value', 'undefined', null, 'no value'],
];

test('each form of a value is read, in fixed and in free format', (t) => {
  for (const [text, dtype, value, comment] of CASES) {
    const seen = parseValue('KEY', text, 0, text.length);
    t.deepEqual(
      { ...seen },
      {
        keyword: 'KEY',
        dtype: dtype as typeof seen.dtype,
        value: value as never,
        comment,
        isCommentary: false,
        isMalformed: false,
      },
      text,
    );
  }
});

test('what is no value is kept as text and said to be malformed', (t) => {
  for (const text of ['12abc', '1.0, 2.0', "'no end", 'NaN', '(1, 2', 'T rue', '1 2 x']) {
    const { dtype, value, isMalformed } = parseValue('KEY', text, 0, text.length);
    t.deepEqual([dtype, value, isMalformed], ['string', text, true]);
  }
});

test('a number ends with its card, whatever the next card begins with', (t) => {
  const text = `${raw(`B_ORDER = ${'4'.padStart(20)}`)}${raw('D2 = 1')}`;
  t.is(parseCard(text, 0).value, 4);
});

test('keywords come as the standard and its conventions have them', (t) => {
  const keyword = (text: string): [string, unknown] => {
    const { keyword: name, value } = parseCard(raw(text), 0);
    return [name, value];
  };
  t.deepEqual(keyword('HIERARCH ESO INS FILT1 NAME = 4'), ['ESO INS FILT1 NAME', 4]);
  t.deepEqual(keyword('HIERARCH no value here'), ['HIERARCH', ' no value here']);
  t.deepEqual(keyword('lower   = 1'), ['LOWER', 1]);
  t.deepEqual(keyword('AB= 3'), ['AB', 3]);
  t.deepEqual(keyword('KEYWORD =5'), ['KEYWORD', '=5']);
  t.deepEqual(keyword("DP1     = 'AXIS.1: 2'"), ['DP1.AXIS.1', 2]);
  t.deepEqual(keyword("TIME    = 'at: noon'"), ['TIME', 'at: noon']);
  t.deepEqual(keyword('COMMENT = 5'), ['COMMENT', '= 5']);
});
