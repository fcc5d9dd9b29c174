import test from 'ava';
import type { ErrorCode } from '../../../src/errors.ts';
import { fitsFormat } from '../../../src/formats/fits/format.ts';
import {
  card,
  emptyPrimary,
  end,
  field,
  fields,
  header,
  image,
  imageCards,
  issues,
  objects,
  padded,
  raw,
  records,
  table,
} from './build.ts';

test('an HDU is an object with shape, type and place, before its cards', async (t) => {
  const all = await records(image(-32, [4, 3], Buffer.alloc(48), card('EXPTIME', 1.5, '[s] how long')));
  t.deepEqual(
    all.map(({ kind }) => kind),
    ['file', 'object', 'field', 'field', 'field', 'field', 'field', 'field', 'end'],
  );
  const [hdu] = objects(all);
  t.like(hdu, { path: 'hdu[0]', class: 'hdu', dtype: 'float32', shape: [3, 4], offset: 2880, length: 48 });
  t.like(field(all, 'hdu[0]/EXPTIME'), { dtype: 'float', value: 1.5, unit: 's', comment: '[s] how long' });
  t.is(end(all).status, 'ok');
  t.deepEqual(
    all.map(({ seq }) => seq),
    all.map((_, index) => index),
  );
});

test('extensions follow one another', async (t) => {
  const extension = [...imageCards(16, [2], card('XTENSION', 'IMAGE')), card('PCOUNT', 0), card('GCOUNT', 1)];
  const all = await records(
    Buffer.concat([
      emptyPrimary(),
      header(...extension),
      padded(Buffer.alloc(4)),
      header(...extension),
      padded(Buffer.alloc(4)),
    ]),
  );
  t.deepEqual(
    objects(all).map(({ path, offset }) => [path, offset]),
    [
      ['hdu[0]', 2880],
      ['hdu[1]', 5760],
      ['hdu[2]', 11520],
    ],
  );
});

test('random groups, tables and unknown extensions say what they are', async (t) => {
  const groups = Buffer.concat([
    header(...imageCards(-32, [0, 3]), card('GROUPS', true), card('PCOUNT', 2), card('GCOUNT', 4)),
    padded(Buffer.alloc(80)),
  ]);
  t.like(objects(await records(groups))[0], { length: 80, attributes: { groups: 4, parameters: 2, groupShape: [3] } });
  const other = header(...imageCards(8, [5], card('XTENSION', 'DUMP')), card('PCOUNT', 3), card('GCOUNT', 2));
  const all = await records(Buffer.concat([emptyPrimary(), other, padded(Buffer.alloc(16))]));
  t.like(objects(all)[1], { dtype: 'uint8', length: 16, attributes: { extension: 'DUMP' } });
  const rows = await records(table([{ name: 'A', form: 'J' }], [Buffer.alloc(4)]));
  t.like(objects(rows)[1], { dtype: 'bintable', shape: [1, 4] });
});

test('long strings are joined over CONTINUE, with their comments', async (t) => {
  const all = await records(
    image(
      8,
      [],
      Buffer.alloc(0),
      raw("LONG    = 'one &' / first"),
      raw("CONTINUE  'two&'"),
      raw("CONTINUE  ' three' / last"),
      raw("AMP     = 'Q&'"),
      raw('CONTINUE  no string'),
    ),
  );
  t.like(field(all, 'hdu[0]/LONG'), { value: 'one two three', comment: 'first last' });
  t.is(field(all, 'hdu[0]/AMP')?.value, 'Q&');
  t.is(field(all, 'hdu[0]/CONTINUE')?.value, '  no string');
});

test('repeated keywords are numbered from the first on, and blank cards before END are left out', async (t) => {
  const cards = [
    raw('HISTORY one'),
    card('DUP', 1),
    raw('HISTORY two'),
    card('DUP', 2),
    raw('COMMENT c'),
    raw(''),
    raw('        text'),
    raw(''),
    raw(''),
  ];
  const all = await records(image(8, [], Buffer.alloc(0), ...cards));
  t.deepEqual(
    fields(all)
      .slice(3)
      .map(({ path, value }) => [path, value]),
    [
      ['hdu[0]/HISTORY[0]', 'one'],
      ['hdu[0]/DUP[0]', 1],
      ['hdu[0]/HISTORY[1]', 'two'],
      ['hdu[0]/DUP[1]', 2],
      ['hdu[0]/COMMENT[0]', 'c'],
      ['hdu[0]/[0]', ''],
      ['hdu[0]/[1]', 'text'],
    ],
  );
});

test('a header of many cards reads as one of few', async (t) => {
  const cards = Array.from({ length: 3000 }, (_, i) => card(`K${i}`, i));
  const all = await records(image(8, [], Buffer.alloc(0), ...cards, card('K7', 'again')));
  t.is(field(all, 'hdu[0]/K2999')?.value, 2999);
  t.deepEqual([field(all, 'hdu[0]/K7[0]')?.value, field(all, 'hdu[0]/K7[1]')?.value], [7, 'again']);
});

test('a keyword named __proto__ is a field like any other', async (t) => {
  const all = await records(
    image(8, [], Buffer.alloc(0), raw('HIERARCH __proto__ = 5'), raw('HIERARCH constructor = 6')),
  );
  t.is(field(all, 'hdu[0]/__proto__')?.value, 5);
  t.is(field(all, 'hdu[0]/constructor')?.value, 6);
  t.is(({} as Record<string, unknown>).value, undefined);
});

async function broken(bytes: Uint8Array, status: string, code: ErrorCode, options = {}): Promise<string | undefined> {
  const all = await records(bytes, options);
  const errors = issues(all).filter(({ severity }) => severity === 'error');
  return end(all).status === status && errors.some((issue) => issue.code === code)
    ? undefined
    : JSON.stringify(all.slice(-3));
}

test('what contradicts the standard ends in an error behind the cards that were read', async (t) => {
  const primary = (...cards: string[]): Buffer => header(card('SIMPLE', true), ...cards);
  t.is(await broken(emptyPrimary().subarray(0, 240), 'partial', 'ERR_TRUNCATED_INPUT'), undefined);
  t.is(await broken(Buffer.from(''), 'failed', 'ERR_TRUNCATED_INPUT'), undefined);
  t.is(await broken(Buffer.from('hello, world'), 'failed', 'ERR_MALFORMED'), undefined);
  t.is(await broken(Buffer.from('1f9d90534d', 'hex'), 'failed', 'ERR_UNSUPPORTED'), undefined);
  t.is(await broken(primary(card('BITPIX', 8), card('NAXIS', 999)), 'partial', 'ERR_MALFORMED'), undefined);
  t.is(await broken(primary(card('BITPIX', 8), card('NAXIS', 1000)), 'partial', 'ERR_MALFORMED'), undefined);
  t.is(await broken(primary(card('BITPIX', 7), card('NAXIS', 0)), 'partial', 'ERR_MALFORMED'), undefined);
  t.is(
    await broken(primary(card('BITPIX', 8), card('NAXIS', 1), card('NAXIS1', -4)), 'partial', 'ERR_MALFORMED'),
    undefined,
  );
  t.is(
    await broken(primary(card('BITPIX', 8), card('NAXIS', 1), card('NAXIS1', 1e9)), 'partial', 'ERR_TRUNCATED_INPUT'),
    undefined,
  );
});

test('axes whose product overflows are malformed, unless one of them is 0', async (t) => {
  const big = 4294967296n;
  const all = (axes: readonly bigint[]): Buffer =>
    header(
      card('SIMPLE', true),
      card('BITPIX', -64),
      card('NAXIS', axes.length),
      ...axes.map((axis, i) => card(`NAXIS${i + 1}`, axis)),
    );
  t.is(await broken(all([big, big, big]), 'partial', 'ERR_MALFORMED'), undefined);
  t.is(await broken(all([2n ** 70n]), 'partial', 'ERR_MALFORMED'), undefined);
  t.is(end(await records(all([0n, big, big]))).status, 'ok');
});

test('a header without END stops where text stops, and at maxHeaderBytes', async (t) => {
  const endless = Buffer.from(card('KEY', 1).repeat(36 * 40), 'latin1');
  endless.write(card('SIMPLE', true));
  t.is(await broken(Buffer.concat([endless, Buffer.alloc(28800)]), 'partial', 'ERR_MALFORMED'), undefined);
  t.is(await broken(endless, 'partial', 'ERR_LIMIT', { maxHeaderBytes: 28800 }), undefined);
});

test('what is odd and harmless is a warning', async (t) => {
  const warned = async (bytes: Buffer): Promise<unknown[]> => {
    const all = await records(bytes);
    return [end(all).status, ...issues(all).map(({ code, severity }) => `${severity} ${code}`)];
  };
  const small = image(8, [3], Buffer.from('abc'));
  t.deepEqual(await warned(small.subarray(0, 2883)), ['ok', 'warning ERR_TRUNCATED_INPUT']);
  t.deepEqual(await warned(Buffer.concat([small, Buffer.alloc(100)])), ['ok', 'warning ERR_MALFORMED']);
  t.deepEqual(await warned(image(8, [], Buffer.alloc(0), raw('BAD     = 1 2 3'))), ['ok', 'warning ERR_MALFORMED']);
  t.deepEqual(await warned(image(8, [], Buffer.alloc(0), raw("NAME    = 'M\xfcller'"))), ['ok', 'warning ERR_TEXT']);
  const foreign = await records(image(8, [], Buffer.alloc(0), raw("NAME    = 'M\xfcller'")));
  t.is(field(foreign, 'hdu[0]/NAME')?.value, 'M\ufffdller');
});

test('limits on records and objects end the file', async (t) => {
  const many = image(8, [], Buffer.alloc(0), ...Array.from({ length: 50 }, (_, i) => card(`K${i}`, i)));
  t.is(await broken(many, 'partial', 'ERR_LIMIT', { maxRecords: 10 }), undefined);
  t.is(await broken(table([], []), 'partial', 'ERR_LIMIT', { maxObjects: 1 }), undefined);
});

test('batches hold no more records than asked for, and one more header', async (t) => {
  const { reader } = await import('../../../src/formats/fits/reader.ts');
  const { MemoryInput } = await import('../../../src/bytes/memory-input.ts');
  const bytes = image(8, [], Buffer.alloc(0), ...Array.from({ length: 100 }, (_, i) => card(`K${i}`, i)));
  for await (const batch of reader.read(new MemoryInput(bytes), { batchCount: 10 })) t.true(batch.length <= 12);
});

test('content decides what is FITS', async (t) => {
  t.is(fitsFormat.likelihood(emptyPrimary()), 1);
  t.is(fitsFormat.likelihood(Buffer.from('SIMPLE  =')), 0.9);
  t.is(fitsFormat.likelihood(Buffer.from('hello')), 0);
  t.is(typeof (await fitsFormat.load()).read, 'function');
});
