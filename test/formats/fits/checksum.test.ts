import test from 'ava';
import { card, end, field, fields, header, image, imageCards, issues, padded, records, samples } from './build.ts';

/** The sum of FITS 4.0 appendix J in the plain way. */
function sumOf(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) {
    sum += bytes.readUInt32BE(at);
    if (sum > 0xffffffff) sum -= 0xffffffff;
  }
  return sum;
}

/** The 16 characters that make a header with sixteen zeros in their place add up to zero (appendix J.2). */
function encode(sum: number): string {
  const value = ~sum >>> 0;
  const excluded = [0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x40, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f, 0x60];
  const characters: number[] = [];
  for (let i = 0; i < 4; i++) {
    const byte = (value >>> (24 - 8 * i)) & 0xff;
    const four = [0, 1, 2, 3].map((n) => Math.floor(byte / 4) + 0x30 + (n === 0 ? byte % 4 : 0));
    for (let again = true; again; ) {
      again = false;
      for (const pair of [0, 2]) {
        if (excluded.includes(four[pair]!) || excluded.includes(four[pair + 1]!)) {
          four[pair]!++;
          four[pair + 1]!--;
          again = true;
        }
      }
    }
    for (let j = 0; j < 4; j++) characters[4 * j + i] = four[j]!;
  }
  const text = Buffer.from(characters).toString('latin1');
  return text.slice(-1) + text.slice(0, -1);
}

function summed(data: Buffer): Buffer {
  const body = padded(data);
  const build = (checksum: string): Buffer =>
    header(...imageCards(16, [data.length / 2]), card('CHECKSUM', checksum), card('DATASUM', String(sumOf(body))));
  const zero = build('0'.repeat(16));
  const total = sumOf(Buffer.concat([zero, body]));
  return Buffer.concat([build(encode(total)), body]);
}

const DATA = Buffer.from(Array.from({ length: 400_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff));

test('checksums that are right are fields that say so', async (t) => {
  const all = await records(summed(DATA), { checksum: true });
  t.is(field(all, 'hdu[0]/checksum/DATASUM')?.value, true);
  t.is(field(all, 'hdu[0]/checksum/CHECKSUM')?.value, true);
  t.is(end(all).status, 'ok');
});

test('a changed byte is an error, whether in data or in the header', async (t) => {
  const inData = summed(DATA);
  inData[200_000]! ^= 1;
  const all = await records(inData, { checksum: true });
  t.deepEqual(
    [field(all, 'hdu[0]/checksum/DATASUM')?.value, field(all, 'hdu[0]/checksum/CHECKSUM')?.value],
    [false, false],
  );
  t.deepEqual(
    issues(all).map(({ code }) => code),
    ['ERR_CHECKSUM', 'ERR_CHECKSUM'],
  );
  t.is(end(all).status, 'partial');
  const inHeader = summed(DATA);
  inHeader[2000]! ^= 1;
  const other = await records(inHeader, { checksum: true });
  t.deepEqual(
    [field(other, 'hdu[0]/checksum/DATASUM')?.value, field(other, 'hdu[0]/checksum/CHECKSUM')?.value],
    [true, false],
  );
});

test('one pass serves checksum and statistics', async (t) => {
  const bytes = summed(DATA);
  const all = await records(bytes, { checksum: true, pixels: true });
  t.is(samples(all).length, 1);
  t.is(field(all, 'hdu[0]/checksum/CHECKSUM')?.value, true);
  t.true(end(all).bytesRead <= bytes.length + 2880);
});

test('without the keywords, or with blank ones, there is no verdict', async (t) => {
  for (const bytes of [
    image(8, [3], Buffer.from('abc')),
    image(8, [3], Buffer.from('abc'), card('CHECKSUM', ''), card('DATASUM', '')),
  ]) {
    t.deepEqual(
      fields(await records(bytes, { checksum: true })).filter(({ path }) => path.includes('/checksum/')),
      [],
    );
  }
});
