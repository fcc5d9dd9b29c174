import test from 'ava';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { type DicomJsonOptions, toDicomJson } from '../../../src/formats/dicom/to-dicom-json.ts';
import { BIG, dicomFile, element, encapsulated, item, sequence, UID, uint16 } from './dicom-writer.ts';
import { randomFile } from './random-data-set.ts';
import { fieldsOf, pipeOf, readBytes } from './read-dicom.ts';

async function textOf(bytes: Buffer, options?: DicomJsonOptions): Promise<string> {
  let text = '';
  for await (const piece of toDicomJson(new MemoryInput(bytes), options)) text += piece;
  return text;
}
const modelOf = async (bytes: Buffer, options?: DicomJsonOptions) => JSON.parse(await textOf(bytes, options));

test('the model is that of PS3.18 F', async (t) => {
  const code = item([element(0x00080100, 'SH', 'A')]);
  const elements = [
    element(0x00080000, 'UL', Buffer.alloc(4)),
    element(0x00080005, 'CS', 'ISO_IR 100'),
    element(0x00080008, 'CS', 'ORIGINAL\\\\AXIAL'),
    sequence(0x00082112, [code, item([], false), code], false),
    sequence(0x00089092, []),
    element(0x00100010, 'PN', Buffer.from('Jérôme=I=P\\Doe^Jane', 'latin1')),
    element(0x00100030, 'DA', ''),
    element(0x00280009, 'AT', Buffer.from([0x18, 0, 0x63, 0x10])),
    element(0x00281050, 'DS', '1.5\\2'),
    element(0x00281200, 'OW', Buffer.from([1, 2])),
  ];
  t.deepEqual(await modelOf(dicomFile(elements)), {
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
    '00080008': { vr: 'CS', Value: ['ORIGINAL', null, 'AXIAL'] },
    '00082112': {
      vr: 'SQ',
      Value: [{ '00080100': { vr: 'SH', Value: ['A'] } }, {}, { '00080100': { vr: 'SH', Value: ['A'] } }],
    },
    '00089092': { vr: 'SQ' },
    '00100010': {
      vr: 'PN',
      Value: [{ Alphabetic: 'Jérôme', Ideographic: 'I', Phonetic: 'P' }, { Alphabetic: 'Doe^Jane' }],
    },
    '00100030': { vr: 'DA' },
    '00280009': { vr: 'AT', Value: ['00181063'] },
    '00281050': { vr: 'DS', Value: [1.5, 2] },
    '00281200': { vr: 'OW', InlineBinary: 'AQI=' },
  });
});

test('binary of a big-endian file is little endian in the model', async (t) => {
  const bytes = dicomFile([element(0x00281200, 'OW', Buffer.from([1, 2]), BIG)], UID.big);
  t.deepEqual(await modelOf(bytes), { '00281200': { vr: 'OW', InlineBinary: 'AgE=' } });
});

test('pixel data and long values are bulk, by a URI of the caller', async (t) => {
  const bytes = dicomFile([element(0x00281200, 'OW', Buffer.alloc(2000)), element(0x7fe00010, 'OW', Buffer.alloc(4))]);
  const [, , , , lut, pixels] = fieldsOf(await readBytes(t, bytes));
  t.deepEqual(await modelOf(bytes), {
    '00281200': { vr: 'OW', BulkDataURI: `memory:?offset=${lut!.offset}&length=2000` },
    '7FE00010': { vr: 'OW', BulkDataURI: `memory:?offset=${pixels!.offset}&length=4` },
  });
  const model = await modelOf(bytes, { bulkDataUri: ({ path }) => (path === '7FE00010' ? undefined : `x/${path}`) });
  t.deepEqual(model, { '00281200': { vr: 'OW', BulkDataURI: 'x/00281200' }, '7FE00010': { vr: 'OW' } });
  t.is((await modelOf(bytes, { inlineBytes: 4000 }))['00281200'].InlineBinary.length, 2668);
});

test('encapsulated pixel data are bulk of unknown length', async (t) => {
  const model = await modelOf(dicomFile([encapsulated([Buffer.alloc(4)]), element(0xfffcfffc, 'OB', '')], UID.jpeg));
  t.regex(model['7FE00010'].BulkDataURI, /^memory:\?offset=\d+$/);
  t.deepEqual(model.FFFCFFFC, { vr: 'OB' });
});

test('the file meta group is there when it is asked for', async (t) => {
  const bytes = dicomFile([element(0x00280010, 'US', uint16(1))]);
  t.deepEqual(Object.keys(await modelOf(bytes)), ['00280010']);
  t.is((await modelOf(bytes, { meta: true }))['00020010'].Value[0], UID.explicit);
});

test('random files make the same model in pieces of any size, from memory and over a pipe', async (t) => {
  for (let seed = 0; seed < 60; seed++) {
    const { bytes, facts } = randomFile(seed);
    const text = await textOf(bytes);
    t.is(await textOf(bytes, { chunkChars: 1 }), text);
    let piped = '';
    for await (const piece of toDicomJson(pipeOf(bytes, 40))) piped += piece;
    t.is(piped, text);
    const model = JSON.parse(text);
    for (const { path, dtype } of facts) if (!path.includes('/') && dtype) t.is(model[path].vr, dtype);
  }
});

test('a cut file fails behind the text that could be written', async (t) => {
  const bytes = dicomFile([element(0x00080060, 'CS', 'MR'), element(0x00100010, 'PN', 'Doe^Jane')]);
  let text = '';
  const read = async () => {
    for await (const piece of toDicomJson(new MemoryInput(bytes.subarray(0, -3)))) text += piece;
  };
  await t.throwsAsync(read(), { code: 'ERR_TRUNCATED_INPUT' });
  t.true(text.startsWith('{"00080060":{"vr":"CS","Value":["MR"]}'));
});

test('wrong options are refused at the call', (t) => {
  t.throws(() => toDicomJson(new MemoryInput(Buffer.alloc(0)), { inlineBytes: -1 }), { code: 'ERR_OPTION' });
});
