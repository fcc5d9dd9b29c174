import test from 'ava';
import fc from 'fast-check';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { Hdf5File } from '../../../src/formats/hdf5/file.ts';
import { KnownBytes } from '../../../src/formats/hdf5/known-bytes.ts';
import { decodeText, textEnd } from '../../../src/formats/hdf5/text.ts';
import { header, linkInfo, RawFile } from './raw-file.ts';

/** A file with these bytes somewhere, and where. */
async function fileWith(bytes: Buffer): Promise<{ file: Hdf5File; offset: number }> {
  const raw = new RawFile();
  const offset = raw.add(bytes);
  const file = await Hdf5File.open(new MemoryInput(raw.bytes(raw.add(header(linkInfo())))));
  return { file, offset };
}

test('equal bytes are parsed once, wherever they stand; long ones each time', async (t) => {
  const { file, offset } = await fileWith(Buffer.concat([Buffer.alloc(600, 7), Buffer.alloc(8, 8)]));
  const parsed: number[] = [];
  const known = new KnownBytes('number', (cursor) => {
    parsed.push(cursor.remainingBytes);
    return { first: cursor.uint8() };
  });
  const at = (start: number, lengthBytes: number) => known.read(file, { offset: offset + start, lengthBytes });
  t.is(at(0, 8), at(16, 8));
  t.like(at(600, 8), { first: 8 });
  t.is(known.read(file, { offset: -1, lengthBytes: 8, bytes: Buffer.alloc(8, 8) }), at(600, 8));
  t.deepEqual(parsed, [8, 8]);
  t.not(at(0, 300), at(0, 300));
});

test('what cannot be parsed is not remembered', async (t) => {
  const { file, offset } = await fileWith(Buffer.alloc(8, 1));
  const known = new KnownBytes('number', (cursor) => cursor.skip(9));
  for (let time = 0; time < 2; time++)
    t.throws(() => known.read(file, { offset, lengthBytes: 8 }), { code: 'ERR_MALFORMED' });
});

test('text is what UTF-8 makes of the bytes before the first NUL', (t) => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.string({ unit: 'binary', maxLength: 32 }).map((text) => Buffer.from(text)),
    fc.string({ maxLength: 64 }).map((text) => Buffer.from(`${text}\0rest`)),
  );
  fc.assert(
    fc.property(bytes, fc.nat(8), (given, start) => {
      const all = Buffer.concat([Buffer.alloc(start, 65), given]);
      const end = textEnd(all, start, all.length);
      const nul = Buffer.from(given).indexOf(0);
      t.is(end, nul < 0 ? all.length : start + nul);
      t.is(decodeText(all, start, end), all.toString('utf8', start, end));
    }),
  );
});
