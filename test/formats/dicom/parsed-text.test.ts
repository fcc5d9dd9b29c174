import test from 'ava';
import { parseDate, parsePersonName, parseTime } from '../../../src/formats/dicom/parsed-text.ts';

test('a name is taken apart, each of its groups', (t) => {
  const { alphabetic, ideographic, phonetic } = parsePersonName('Yamada^Tarou^^Dr=山田^太郎');
  t.like(alphabetic, { familyName: 'Yamada', givenName: 'Tarou', prefix: 'Dr' });
  t.like(ideographic, { familyName: '山田', givenName: '太郎' });
  t.is(phonetic, undefined);
});

test('a date is a day that exists', (t) => {
  t.deepEqual(parseDate('20200229'), { year: 2020, month: 2, day: 29 });
  for (const text of ['20210229', '2020', '2020-01-01', '']) t.is(parseDate(text), undefined, text);
});

test('a time is taken apart as far as it goes', (t) => {
  t.like(parseTime('235959.5'), { hours: 23, minutes: 59, seconds: 59, fractionalSeconds: 500_000 });
  t.is(parseTime('23')?.hours, 23);
  for (const text of ['25', 'noon', '']) t.is(parseTime(text), undefined, text);
});
