import test from 'ava';
import { nameExtensions } from '../../src/formats/name-extensions.ts';

test('the extension is what stands behind the last dot of the last part', (t) => {
  t.deepEqual(nameExtensions('/data.v2/scan.DCM'), ['dcm']);
  t.deepEqual(nameExtensions('C:\\data\\sky.fits'), ['fits']);
  t.deepEqual(nameExtensions('/data.v2/README'), []);
  t.deepEqual(nameExtensions(''), []);
  t.deepEqual(nameExtensions('a.b.c'), ['c']);
});

test('behind a packing extension counts the one before it', (t) => {
  t.deepEqual(nameExtensions('sky.fits.gz'), ['gz', 'fits']);
  t.deepEqual(nameExtensions('sky.fits.fz'), ['fz', 'fits']);
  t.deepEqual(nameExtensions('.gz'), ['gz']);
});

test('the query of a URL is no part of the name, a question mark in a path is', (t) => {
  t.deepEqual(nameExtensions('https://example.org/a/sky.fits?sig=a.b/c.d#x.y'), ['fits']);
  t.deepEqual(nameExtensions('/data/what?.dcm'), ['dcm']);
});
