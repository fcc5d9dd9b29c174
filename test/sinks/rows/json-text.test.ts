import test from 'ava';
import fc from 'fast-check';
import { jsonText, MAX_JSON_DEPTH } from '../../../src/sinks/rows/json-text.ts';

test('what JSON can carry comes back equal, -0 and __proto__ too', (t) => {
  const property = fc.property(fc.jsonValue({ noUnicodeString: false, stringUnit: 'binary' }), (value) => {
    t.deepEqual(JSON.parse(jsonText(value)), value);
  });
  t.notThrows(() => fc.assert(property, { numRuns: 500 }));
  t.is(jsonText([-0, 0]), '[-0,0]');
  t.true(Object.is(JSON.parse(jsonText({ a: -0 })).a, -0));
  const hostile = JSON.parse('{"__proto__":{"x":1},"constructor":2,"n":NaN}'.replace('NaN', '"NaN"'));
  t.is(jsonText(hostile), '{"__proto__":{"x":1},"constructor":2,"n":"NaN"}');
  Object.defineProperty(hostile, 'n', { value: Number.NaN, enumerable: true });
  t.is(jsonText(hostile), '{"__proto__":{"x":1},"constructor":2,"n":"NaN"}');
});

test('numbers that JSON has no word for are strings', (t) => {
  t.is(jsonText(Number.NaN), '"NaN"');
  t.is(jsonText([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]), '["Infinity","-Infinity"]');
  t.is(jsonText({ small: 5n, u64: 18446744073709551615n }), '{"small":5,"u64":"18446744073709551615"}');
  t.is(JSON.parse(jsonText(2 ** 63)), 2 ** 63);
});

test('text is well-formed Unicode', (t) => {
  t.is(jsonText({ '\ud800key': 'a\ud800b\u0000c' }), '{"\ufffdkey":"a\ufffdb\\u0000c"}');
  t.is(jsonText('\u{1f300}'), '"\u{1f300}"');
  t.is(jsonText('\\ud800'), '"\\\\ud800"');
});

test('bytes are base64, typed arrays are arrays, long ones are bulk', (t) => {
  t.is(jsonText(Buffer.from([1, 2, 255])), '{"base64":"AQL/"}');
  t.is(jsonText({ value: new Uint8Array(65) }), '{"value":{"bulk":true,"length":65}}');
  t.is(jsonText(new Float32Array([1.5, Number.NaN, -0])), '[1.5,"NaN",-0]');
  t.is(jsonText(new BigInt64Array([-1n, 2n ** 62n])), '[-1,"4611686018427387904"]');
  t.is(jsonText(new Float64Array(1025)), '{"bulk":true,"length":8200}');
  t.is(jsonText(new ArrayBuffer(2)), '{"base64":"AAA="}');
});

test('a field whose value is too long is a bulk field', (t) => {
  const field = { kind: 'field', path: 'a', value: new Uint8Array(70), offset: 8 };
  t.deepEqual(JSON.parse(jsonText(field)), { ...field, value: null, length: 70, bulk: true });
});

test('maps, sets, dates, and what is left out', (t) => {
  const value = { map: new Map([['a', 1n]]), set: new Set([1, 2n]), date: new Date(0), gone: undefined, f: () => 1 };
  t.is(jsonText(value), '{"map":{"a":1},"set":[1,2],"date":"1970-01-01T00:00:00.000Z"}');
  t.is(jsonText([undefined, Symbol('x')]), '[null,null]');
  t.is(jsonText(undefined), 'null');
});

test('1,000 levels are written, a value without end is refused', (t) => {
  let deep: unknown = 1;
  for (let i = 0; i < 1000; i++) deep = [deep];
  t.is(jsonText(deep), `${'['.repeat(1000)}1${']'.repeat(1000)}`);
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  t.throws(() => jsonText(cycle), { code: 'ERR_LIMIT', message: new RegExp(`deeper than ${MAX_JSON_DEPTH}`) });
});
