import { closeSync, openSync, readSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { signatureOf } from '../../../src/formats/binary/signature.ts';
import { SIGNATURES } from '../../../src/formats/binary/signature-table.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

test('every row of the table is found by its own marks', (t) => {
  for (const { mediaType, title, marks } of SIGNATURES) {
    const head = Buffer.alloc(4096);
    for (const [offset, magic] of marks) head.write(magic, offset, 'latin1');
    const found = signatureOf(head);
    t.is(found?.mediaType, mediaType, title);
    t.is(found?.title, title);
    t.is(found?.offset, marks[0]![0]);
    t.is(found?.lengthBytes, marks[0]![1].length);
  }
});

test('no row is found in a head that ends before its last mark does', (t) => {
  for (const { title, marks } of SIGNATURES) {
    const endBytes = Math.max(...marks.map(([offset, magic]) => offset + magic.length));
    const head = Buffer.alloc(4096);
    for (const [offset, magic] of marks) head.write(magic, offset, 'latin1');
    t.not(signatureOf(head.subarray(0, endBytes - 1))?.title, title);
  }
});

test('what real writers produce is recognised', (t) => {
  t.is(signatureOf(gzipSync('abc'))?.mediaType, 'application/gzip');
  t.is(signatureOf(headOf(process.execPath))?.mediaType, PROGRAMS[process.platform]);
});

/** What Node itself is. The signature of macOS programs is not in the table: it has four, one of them that of Java. */
const PROGRAMS: Readonly<Record<string, string>> = {
  linux: 'application/x-elf',
  win32: 'application/vnd.microsoft.portable-executable',
};

function headOf(path: string): Buffer {
  const head = Buffer.alloc(4096);
  const fd = openSync(path, 'r');
  readSync(fd, head);
  closeSync(fd);
  return head;
}

test('text is UTF-8 without control characters', (t) => {
  t.is(signatureOf(Buffer.from('a,b\r\n1,2\t\u00e9\n'))?.mediaType, 'text/plain');
  t.is(signatureOf(latin1('caf\xe9 au lait')), undefined);
  t.is(signatureOf(latin1('a\0b')), undefined);
  t.is(signatureOf(latin1('a\x7fb')), undefined);
  t.is(signatureOf(Buffer.alloc(0)), undefined);
});

test('a text that is cut inside a character is text still', (t) => {
  for (const character of ['a', '\u00e9', '\u20ac', '\u{1f600}']) {
    const text = Buffer.from(character.repeat(5000));
    for (let shift = 0; shift < 4; shift++) {
      const head = Buffer.concat([Buffer.alloc(shift, 'x'), text]).subarray(0, 4096);
      t.is(signatureOf(head)?.mediaType, 'text/plain', `${character} ${shift}`);
    }
  }
});

test('a short head that ends inside a character is no text: nothing follows', (t) => {
  t.is(signatureOf(Buffer.from('abc\u20ac').subarray(0, 5)), undefined);
});
