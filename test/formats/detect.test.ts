import { gzipSync } from 'node:zlib';
import test from 'ava';
import { unpooledChunk } from '../../src/bytes/chunk.ts';
import { MemoryInput } from '../../src/bytes/memory-input.ts';
import { detect, HEAD_BYTES } from '../../src/formats/detect.ts';
import type { Format } from '../../src/formats/format.ts';
import { registerFormat } from '../../src/formats/registry.ts';

/** A format that recognises its own name at the start: in capitals for certain, in small letters perhaps. */
function madeUp(name: string, extensions: string[] = [name]): Format {
  return {
    name,
    title: name,
    extensions,
    mediaTypes: [`application/x-${name}`],
    likelihood(head) {
      const word = head.toString('latin1', 0, name.length);
      return word === name.toUpperCase() ? 1 : word === name ? 0.5 : 0;
    },
    load: () => Promise.reject(new Error('not asked for')),
  };
}

const verdict = async (bytes: string | Uint8Array, name: string) => {
  const input = new MemoryInput(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, { name });
  const { format, by, isGzip } = await detect(input);
  return [format.name, by, isGzip];
};

test.before(() => {
  registerFormat(madeUp('mars'));
  registerFormat(madeUp('venus'));
  // A format that another contains, as netCDF-4 is HDF5.
  registerFormat({ ...madeUp('phobos'), likelihood: madeUp('mars').likelihood });
});

test('certain bytes win over the name', async (t) => {
  t.deepEqual(await verdict('VENUS...', 'a.mars'), ['venus', 'content', false]);
  t.deepEqual(await verdict('VENUS...', 'a'), ['venus', 'content', false]);
});

test('of two that are certain the name decides, else the one registered last', async (t) => {
  t.deepEqual(await verdict('MARS...', 'a.mars'), ['mars', 'content', false]);
  t.deepEqual(await verdict('MARS...', 'a.phobos'), ['phobos', 'content', false]);
  t.deepEqual(await verdict('MARS...', 'a.venus'), ['phobos', 'content', false]);
});

test('of plausible ones the name decides, without a name the likelihood', async (t) => {
  t.deepEqual(await verdict('mars...', 'a.mars'), ['mars', 'name', false]);
  t.deepEqual(await verdict('mars...', 'a.dat'), ['phobos', 'content', false]);
  t.deepEqual(await verdict('mars...', 'a.venus'), ['phobos', 'content', false]);
});

test('bytes that say nothing leave it to the name, else they are binary', async (t) => {
  t.deepEqual(await verdict(Uint8Array.of(1, 2, 3), 'a.venus'), ['venus', 'name', false]);
  t.deepEqual(await verdict(Uint8Array.of(1, 2, 3), 'a.VENUS.gz'), ['venus', 'name', false]);
  t.deepEqual(await verdict(Uint8Array.of(1, 2, 3), 'a.dat'), ['binary', 'fallback', false]);
  t.deepEqual(await verdict(new Uint8Array(), 'a'), ['binary', 'fallback', false]);
});

test('a gzip is judged by what it holds', async (t) => {
  const gzipped = (text: string) => gzipSync(Buffer.from(text.padEnd(100_000, 'x')));
  t.deepEqual(await verdict(gzipped('VENUS'), 'a.mars'), ['venus', 'content', true]);
  t.deepEqual(await verdict(gzipped('venus'), 'a.mars.gz'), ['venus', 'content', true]);
  t.deepEqual(await verdict(gzipped('nothing'), 'a.mars.gz'), ['mars', 'name', true]);
  t.deepEqual(await verdict(gzipped('nothing'), 'a.gz'), ['binary', 'fallback', false]);
});

test('a name may be given, and the likelihood of a broken judge counts as none', async (t) => {
  const input = new MemoryInput(Buffer.from('mars'), { name: 'a.dat' });
  t.is((await detect(input, { name: 'b.mars' })).format.name, 'mars');
  const unregister = registerFormat({ ...madeUp('nan'), likelihood: () => Number.NaN });
  t.is((await detect(new MemoryInput(Buffer.from('MARS')))).format.name, 'phobos');
  unregister();
});

test('the input is read once, from its start, and the chunk is given back', async (t) => {
  const reads: number[][] = [];
  let openChunks = 0;
  const input = new MemoryInput(Buffer.alloc(100_000));
  const watched = Object.assign(Object.create(input) as MemoryInput, {
    name: 'a.venus',
    read: async (offset: number, lengthBytes: number) => {
      reads.push([offset, lengthBytes]);
      openChunks++;
      return { ...unpooledChunk(Buffer.alloc(lengthBytes), offset), release: () => void openChunks-- };
    },
  });
  t.is((await detect(watched)).format.name, 'venus');
  t.deepEqual(reads, [[0, HEAD_BYTES]]);
  t.is(openChunks, 0);
});

test('an abort ends the read of the head', async (t) => {
  const signal = AbortSignal.abort(new Error('enough'));
  await t.throwsAsync(detect(new MemoryInput(Buffer.alloc(1)), { signal }), { message: 'enough' });
});
