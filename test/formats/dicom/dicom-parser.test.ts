import { gzipSync } from 'node:zlib';
import test from 'ava';
import dicomParser, { type DataSet } from 'dicom-parser';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { toDataSet } from '../../../src/formats/dicom/to-data-set.ts';
import { dicomFile, element, encapsulated, item, sequence, UID, uint16 } from './dicom-writer.ts';
import { randomFile } from './random-data-set.ts';
import { pipeOf } from './read-dicom.ts';

/** Tag, place and length of every element, items as paths: what both must agree on. */
function outline(dataSet: DataSet, prefix = ''): string[] {
  // an item delimiter is an element to dicom-parser
  const found = Object.values(dataSet.elements).filter(({ tag }) => tag !== 'xfffee00d');
  const elements = found.sort((a, b) => (a.tag < b.tag ? -1 : 1));
  return elements.flatMap(({ tag, dataOffset, length, items = [] }) => {
    const line = `${prefix}${tag} ${dataOffset}+${length}`;
    return [line, ...items.flatMap((part, i) => outline(part.dataSet!, `${prefix}${tag}[${i}]/`))];
  });
}

function parse(bytes: Buffer): DataSet | undefined {
  try {
    return dicomParser.parseDicom(bytes);
  } catch {
    return undefined;
  }
}

test('random files have the elements that dicom-parser finds, wherever it can read them', async (t) => {
  let compared = 0;
  for (let seed = 0; seed < 800; seed++) {
    const { bytes, facts } = randomFile(seed);
    // it reads neither the 64-bit VRs (they derail it) nor sequences without the dictionary in implicit files
    const isBeyondIt = seed % 4 === 0 || facts.some(({ dtype }) => ['OV', 'SV', 'UV'].includes(dtype ?? ''));
    const theirs = isBeyondIt ? undefined : parse(bytes);
    // nor a short deflated data set: it goes back to the preamble and takes DICM for a tag
    if (theirs === undefined || 'x49444d43' in theirs.elements) continue;
    compared++;
    const ours = await toDataSet(new MemoryInput(bytes));
    t.deepEqual(outline(ours), outline(theirs), `seed ${seed}`);
  }
  t.true(compared > 80, `${compared} files compared`);
});

test('values are read through the data set, of every syntax', async (t) => {
  for (let seed = 0; seed < 40; seed++) {
    const { bytes, facts } = randomFile(seed);
    const dataSet = await toDataSet(new MemoryInput(bytes));
    for (const { path, dtype, value } of facts) {
      if (path.includes('/') || typeof value !== 'number') continue;
      const tag = `x${path.toLowerCase()}`;
      if (dtype === 'US') t.is(dataSet.uint16(tag), value);
      if (dtype === 'FD') t.is(dataSet.double(tag), value);
      if (dtype === 'DS') t.is(dataSet.floatString(tag), value);
    }
  }
});

test('elements in items, pixel data at the end', async (t) => {
  const bytes = dicomFile([
    sequence(0x00082112, [item([element(0x00080100, 'SH', 'A')], false)], false),
    element(0x00100010, 'PN', 'Doe^Jane'),
    element(0x7fe00010, 'OW', Buffer.alloc(100)),
  ]);
  const dataSet = await toDataSet(new MemoryInput(bytes));
  t.is(dataSet.elements.x00082112!.items![0]!.dataSet!.string('x00080100'), 'A');
  t.is(dataSet.string('x00020010'), UID.explicit);
  t.deepEqual(dicomParser.parsePN(dataSet.string('x00100010')!).familyName, 'Doe');
  const pixels = dataSet.elements.x7fe00010!;
  t.deepEqual([pixels.dataOffset, pixels.length], [dataSet.byteArray.length, 100]);
  t.is((await toDataSet(new MemoryInput(bytes), { pixelData: true })).byteArray.length, bytes.length);
});

test("dicom-parser's frame helpers work on the data set", async (t) => {
  const [a, b] = [Buffer.from('AAAA'), Buffer.from('BBBBBB')];
  const bytes = dicomFile([element(0x00280008, 'IS', '2'), encapsulated([a, b], [0, 12])], UID.jpeg);
  const dataSet = await toDataSet(new MemoryInput(bytes), { pixelData: true });
  const frame = dicomParser.readEncapsulatedImageFrame(dataSet, dataSet.elements.x7fe00010!, 1);
  t.deepEqual(Buffer.from(frame), b);
});

test("dicom-parser's JPEG offset table is found where the file has none", async (t) => {
  const image = (text: string) =>
    Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from(text), Buffer.from([0xff, 0xd9])]);
  const bytes = dicomFile([element(0x00280008, 'IS', '2'), encapsulated([image('AAAA'), image('BB')])], UID.jpeg);
  const dataSet = await toDataSet(new MemoryInput(bytes), { pixelData: true });
  t.deepEqual(dicomParser.createJPEGBasicOffsetTable(dataSet, dataSet.elements.x7fe00010!), [0, 16]);
});

test('a gzipped file is one data set, a deflated one inside it is refused', async (t) => {
  const plain = dicomFile([element(0x00100010, 'PN', 'Doe^Jane')]);
  t.is((await toDataSet(new MemoryInput(gzipSync(plain)))).string('x00100010'), 'Doe^Jane');
  const twice = gzipSync(dicomFile([element(0x00100010, 'PN', 'Doe^Jane')], UID.deflated));
  await t.throwsAsync(toDataSet(new MemoryInput(twice)), { code: 'ERR_UNSUPPORTED' });
});

test('what cannot be held, or read twice, is refused', async (t) => {
  const bytes = dicomFile([element(0x00280010, 'US', uint16(1)), element(0x00291010, 'UT', 'x'.repeat(10_000))]);
  await t.throwsAsync(toDataSet(new MemoryInput(bytes), { maxBytes: 5000 }), { code: 'ERR_LIMIT' });
  await t.throwsAsync(toDataSet(pipeOf(bytes, 100)), { code: 'ERR_NOT_SEEKABLE' });
});
