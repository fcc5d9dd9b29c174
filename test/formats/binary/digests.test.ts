import { createHash } from 'node:crypto';
import test from 'ava';
import { DIGESTS, startDigest } from '../../../src/formats/binary/digests.ts';

// RFC 1321 A.5, FIPS 180 and FIPS 202 examples for 'abc'; CRC-32 by ISO 3309.
const ABC: Readonly<Record<string, string>> = {
  md5: '900150983cd24fb0d6963f7d28e17f72',
  sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  'sha3-256': '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532',
  crc32: '352441c2',
};

test('digests of abc are those of their standards', (t) => {
  for (const [name, expected] of Object.entries(ABC)) {
    const digest = startDigest(name as (typeof DIGESTS)[number]);
    for (const letter of 'abc') digest.update(Buffer.from(letter));
    t.is(digest.hex(), expected, name);
  }
});

test('every digest that has a name can be made', (t) => {
  for (const name of DIGESTS) {
    const digest = startDigest(name);
    digest.update(Buffer.from('abc'));
    t.is(digest.name, name);
    t.is(digest.hex(), name === 'crc32' ? ABC.crc32! : createHash(name).update('abc').digest('hex'));
  }
});

test('a crc32 below 2^28 keeps its leading zeros', (t) => {
  t.is(startDigest('crc32').hex(), '00000000');
});
