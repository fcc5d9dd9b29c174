import test from 'ava';
import { CfTime } from '../../../src/formats/netcdf/cf-time.ts';
import type { ClassicContent } from './classic-file.ts';
import { classicFile } from './classic-file.ts';
import { readAll, samples } from './read.ts';

const TIMES: readonly (readonly [units: string, calendar: string, value: number, iso: string])[] = [
  ['days since 1582-10-04', 'standard', 1, '1582-10-15T00:00:00Z'],
  ['days since 1582-10-15', 'standard', -1, '1582-10-04T00:00:00Z'],
  ['days since 1582-10-15', 'proleptic_gregorian', -1, '1582-10-14T00:00:00Z'],
  ['days since 1582-10-04', 'julian', 1, '1582-10-05T00:00:00Z'],
  ['days since 2000-02-28', 'noleap', 1, '2000-03-01T00:00:00Z'],
  ['days since 2001-02-28', 'all_leap', 1, '2001-02-29T00:00:00Z'],
  ['days since 2000-02-30', '360_day', 1, '2000-03-01T00:00:00Z'],
  ['days since 1900-01-01', '360_day', 36000.5, '2000-01-01T12:00:00Z'],
  ['days since 2000-02-28', 'standard', 1, '2000-02-29T00:00:00Z'],
  ['days since 1900-02-28', 'standard', 1, '1900-03-01T00:00:00Z'],
  ['days since 1900-02-28', 'julian', 1, '1900-02-29T00:00:00Z'],
  ['hours since 1970-01-01 00:00:00', 'standard', 36, '1970-01-02T12:00:00Z'],
  ['seconds since 1970-01-01T00:00:00Z', 'gregorian', 1e9, '2001-09-09T01:46:40Z'],
  ['seconds since 1992-10-8 15:15:42.5 -6:00', 'standard', 0, '1992-10-08T21:15:42.500Z'],
  ['minutes since 2000-1-1 12:30 UTC', 'standard', -31, '2000-01-01T11:59:00Z'],
  ['msec since 2000-01-01', 'standard', 1.4, '2000-01-01T00:00:00.001Z'],
  ['days since 1-1-1', 'standard', 0, '0001-01-01T00:00:00Z'],
  ['days since 0001-01-01', 'proleptic_gregorian', 730119, '2000-01-01T00:00:00Z'],
  ['Days Since 2000-01-01', 'STANDARD', 366, '2001-01-01T00:00:00Z'],
  ['months since 2000-01-01', '360_day', 13, '2001-02-01T00:00:00Z'],
  ['days since -4712-01-01 12:00', 'julian', 0, '-004712-01-01T12:00:00Z'],
];

for (const [units, calendar, value, iso] of TIMES) {
  test(`${value} ${units} (${calendar}) is ${iso}`, (t) => {
    t.is(CfTime.parse(units, calendar)?.toIso(value), iso);
  });
}

test('every calendar gives back each day that it counts', (t) => {
  for (const calendar of ['standard', 'proleptic_gregorian', 'julian', 'noleap', 'all_leap', '360_day']) {
    const time = CfTime.parse('days since 0000-01-01', calendar)!;
    let previous = '';
    for (let day = -800; day < 800_000; day += 97) {
      const iso = time.toIso(day)!;
      const from = iso.replace('T', ' ').replace('Z', '');
      if (/^\d/.test(iso)) t.is(CfTime.parse(`days since ${from}`, calendar)!.toIso(0), iso);
      if (/^\d/.test(previous)) t.true(iso > previous, `${calendar} ${day}`);
      previous = iso;
    }
  }
});

test('what is no time stays a number', (t) => {
  for (const units of ['K', '', 'days', 'days since', 'fortnights since 2000-01-01', 'days since 2000-13-01']) {
    t.is(CfTime.parse(units), undefined, units);
  }
  t.is(CfTime.parse('days since 2000-01-01', 'lunar'), undefined);
  const time = CfTime.parse('days since 2000-01-01')!;
  for (const value of [1e300, Number.NaN, Number.POSITIVE_INFINITY]) t.is(time.toIso(value), undefined);
});

const PACKED: ClassicContent = {
  dimensions: [['x', 6]],
  variables: [
    {
      name: 'packed',
      type: 'short',
      dimensions: [0],
      values: [-1, 0, 100, 101, -32767, 7],
      attributes: [
        ['_FillValue', 'short', [-1]],
        ['missing_value', 'short', [7, 8]],
        ['valid_range', 'short', [-100, 100]],
        ['scale_factor', 'double', [0.5]],
        ['add_offset', 'double', [10]],
      ],
    },
    {
      name: 'unsigned',
      type: 'byte',
      dimensions: [0],
      values: [0, 1, 127, -128, -1, 5],
      attributes: [['_Unsigned', 'char', 'true']],
    },
    { name: 'filled', type: 'float', dimensions: [0], values: [1, 2, 9.969209968386869e36, 4, 5, Number.NaN] },
  ],
};

test('missing values are null, packed ones are unpacked, and statistics leave the missing out', async (t) => {
  const [packed, unsigned, filled] = samples(
    await readAll(classicFile(PACKED), { cf: true, slices: { values: true } }),
  );
  t.like(packed!.value, {
    values: [null, 10, 60, null, null, null],
    count: 2,
    nanCount: 4,
    min: 10,
    max: 60,
    mean: 35,
    std: 25,
  });
  t.like(unsigned!.value, { values: [0, 1, 127, 128, 255, 5] });
  t.like(filled!.value, { values: [1, 2, null, 4, 5, null], count: 4, nanCount: 2, min: 1, max: 5 });
});

test('without cf the values are those of the file', async (t) => {
  const [packed, , filled] = samples(await readAll(classicFile(PACKED), { slices: { values: true } }));
  t.like(packed!.value, { values: [-1, 0, 100, 101, -32767, 7] });
  t.like(filled!.value, { count: 5, nanCount: 1 });
});
