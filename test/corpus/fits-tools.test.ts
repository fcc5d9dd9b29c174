import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { openFile } from '../../src/bytes/file-input.ts';
import { MemoryInput } from '../../src/bytes/memory-input.ts';
import { readImage } from '../../src/formats/fits/read-image.ts';
import { reader } from '../../src/formats/fits/reader.ts';
import type { ExtractionRecord, FieldRecord, ObjectRecord } from '../../src/records.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const corpus = resolve(process.env.TIDEGATE_CORPUS ?? join(checkout, '../shared/corpus'), 'files/fits');
const has = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

// funpack 1.7 puts the pixels of tiles of several rows in the wrong place where the image has NaN
const WRONG_IN_FUNPACK = ['compressed_with_nan.fits'];
// What funpack refuses: `1st key not SIMPLE or XTENSION`
const REFUSED_BY_FUNPACK = ['double_ext.fits', 'compressed_float_bzero.fits', 'comp.fits'];

function files(): string[] {
  if (!existsSync(corpus)) return [];
  const names = readdirSync(corpus, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.(fits|fz)$/.test(name)).map((name) => join(corpus, name));
}

async function recordsOf(path: string, options = {}): Promise<ExtractionRecord[]> {
  const input = openFile(path, { isSync: true });
  try {
    const all: ExtractionRecord[] = [];
    for await (const batch of reader.read(input, options)) all.push(...batch);
    return all;
  } finally {
    await input.close();
  }
}

/** All pixels of an image, each at its place, and where it was. */
async function pixelsOf(input: MemoryInput | string, hdu: number, shape: readonly number[]): Promise<Float64Array> {
  const source = typeof input === 'string' ? openFile(input, { isSync: true }) : input;
  const all = new Float64Array(shape.reduce((product, axis) => product * axis, 1)).fill(Number.POSITIVE_INFINITY);
  for await (const { start, shape: box, values } of readImage(source, { hdu })) {
    for (let i = 0; i < values.length; i++) {
      let rest = i;
      let at = 0;
      let stride = 1;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        const extent = box?.[axis] ?? (axis === 0 ? Number.POSITIVE_INFINITY : shape[axis]!);
        const here = box === undefined ? rest % extent : start[axis]! + (rest % extent);
        rest = Math.floor(rest / extent);
        at += here * stride;
        stride *= shape[axis]!;
      }
      if (box === undefined) at += start.reduce((place, first, axis) => place * shape[axis]! + first, 0);
      all[at] = Number(values[i]);
    }
  }
  await source.close();
  return all;
}

function missing(t: ExecutionContext, what: string): void {
  t.log(`${what} is not there`);
  t.pass();
}

test.serial('tiles have the pixels that funpack makes of them', async (t) => {
  if (!has('funpack') || files().length === 0) return missing(t, 'funpack, or the corpus,');
  let compared = 0;
  for (const path of files()) {
    const images = (await recordsOf(path)).filter(
      (record): record is ObjectRecord => record.kind === 'object' && Array.isArray(record.attributes?.imageShape),
    );
    if (images.length !== 1 || [...WRONG_IN_FUNPACK, ...REFUSED_BY_FUNPACK].some((name) => path.endsWith(`/${name}`)))
      continue;
    const { stdout, status } = spawnSync('funpack', ['-S', path], { maxBuffer: 1 << 28 });
    t.is(status, 0, path);
    const shape = images[0]!.attributes!.imageShape as number[];
    const plain: ExtractionRecord[] = [];
    for await (const batch of reader.read(new MemoryInput(stdout))) plain.push(...batch);
    const target = plain.find(
      (record) => record.kind === 'object' && record.dtype !== 'bintable' && String(record.shape) === String(shape),
    ) as ObjectRecord;
    const hduOf = ({ path: name }: ObjectRecord): number => Number(/\d+/.exec(name)![0]);
    const ours = await pixelsOf(path, hduOf(images[0]!), shape);
    t.deepEqual(ours, await pixelsOf(new MemoryInput(stdout), hduOf(target), shape), path);
    compared++;
  }
  t.log(`${compared} compressed images compared`);
  t.true(compared > 5);
});

test.serial('verdicts on checksums are those of fitsverify', async (t) => {
  if (!has('fitsverify') || files().length === 0) return missing(t, 'fitsverify, or the corpus,');
  let verdicts = 0;
  for (const path of files()) {
    const { stdout } = spawnSync('fitsverify', [path], { encoding: 'utf8' });
    const all = await recordsOf(path, { checksum: true });
    const fields = all.filter(
      (record): record is FieldRecord => record.kind === 'field' && record.path.includes('/checksum/'),
    );
    const wrong = (name: string): number => fields.filter(({ key, value }) => key === name && value === false).length;
    const theirs = (text: string): number => stdout.split(text).length - 1;
    t.is(wrong('DATASUM'), theirs('Data checksum is not consistent'), path);
    t.is(wrong('CHECKSUM'), theirs('HDU checksum is not in agreement'), path);
    verdicts += fields.length;
  }
  t.log(`${verdicts} verdicts compared`);
  t.true(verdicts > 20);
});
