import test from 'ava';
import type { Input } from '../../../src/bytes/input.ts';
import { MemoryInput } from '../../../src/bytes/memory-input.ts';
import { type FrameOptions, readFrames } from '../../../src/formats/dicom/read-frames.ts';
import { BIG, dicomFile, EXPLICIT, element, encapsulated, type Syntax, UID, uint16 } from './dicom-writer.ts';
import { fieldsOf, issuesOf, pipeOf, readBytes, samplesOf, statusOf } from './read-dicom.ts';

interface Image {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly bits: number;
  readonly isSigned?: boolean;
  readonly syntax?: Syntax;
}

function imageElements({ rows, columns, frames, bits, isSigned = false, syntax = EXPLICIT }: Image): Buffer[] {
  const number = (tag: number, value: number) => element(tag, 'US', uint16(value, syntax.isLittle), syntax);
  return [
    number(0x00280002, 1),
    element(0x00280008, 'IS', String(frames), syntax),
    number(0x00280010, rows),
    number(0x00280011, columns),
    number(0x00280100, bits),
    number(0x00280103, isSigned ? 1 : 0),
  ];
}
const LAST = element(0xfffcfffc, 'OB', Buffer.alloc(2));
const STREAM = { pixelData: 'stream' } as const;

async function framesOf(input: Input, options?: FrameOptions): Promise<Map<number, Buffer>> {
  const frames = new Map<number, Buffer>();
  for await (const { frameIndex, bytes, isFirst } of readFrames(input, options)) {
    if (isFirst === frames.has(frameIndex)) throw new Error(`frame ${frameIndex} begins twice or never`);
    frames.set(frameIndex, Buffer.concat([frames.get(frameIndex) ?? Buffer.alloc(0), bytes]));
  }
  return frames;
}

/** Both ways to read frames, from memory and over a pipe, give these. */
async function same(t: Parameters<typeof readBytes>[0], bytes: Buffer, expected: readonly Buffer[]): Promise<void> {
  for (const input of [new MemoryInput(bytes), pipeOf(bytes, 33)]) {
    t.deepEqual([...(await framesOf(input, { chunkBytes: 5 })).values()], expected);
  }
}

test('native frames are samples with their place, least, greatest and mean value', async (t) => {
  const pixels = Buffer.from(Uint16Array.from([1, 2, 3, 4, 65535, 0, 7, 8]).buffer);
  const bytes = dicomFile([
    ...imageElements({ rows: 2, columns: 2, frames: 2, bits: 16 }),
    element(0x7fe00010, 'OW', pixels),
    LAST,
  ]);
  const records = await readBytes(t, bytes, STREAM);
  const start = fieldsOf(records).find((field) => field.name === 'PixelData')!.offset!;
  t.deepEqual(
    samplesOf(records).map(({ path, index, offset, length, value }) => ({ path, index, offset, length, value })),
    [
      { path: '7FE00010', index: 0, offset: start, length: 8, value: { min: 1, max: 4, mean: 2.5 } },
      { path: '7FE00010', index: 1, offset: start + 8, length: 8, value: { min: 0, max: 65535, mean: 65550 / 4 } },
    ],
  );
  t.is(fieldsOf(records).at(-1)!.key, 'FFFCFFFC');
  await same(t, bytes, [pixels.subarray(0, 8), pixels.subarray(8)]);
});

test('signed, big-endian, 8-bit and floating-point pixels are understood', async (t) => {
  const one = { rows: 1, columns: 2, frames: 1 };
  const statisticsOf = async (bytes: Buffer) => samplesOf(await readBytes(t, bytes, STREAM))[0]!.value;
  const big = { ...one, bits: 16, isSigned: true, syntax: BIG };
  const words = Buffer.from([0xff, 0xfe, 0, 4]);
  t.deepEqual(await statisticsOf(dicomFile([...imageElements(big), element(0x7fe00010, 'OW', words, BIG)], UID.big)), {
    min: -2,
    max: 4,
    mean: 1,
  });
  t.deepEqual(
    await statisticsOf(
      dicomFile([...imageElements({ ...one, bits: 8 }), element(0x7fe00010, 'OB', Buffer.from([1, 3]))]),
    ),
    {
      min: 1,
      max: 3,
      mean: 2,
    },
  );
  const floats = Buffer.from(Float32Array.from([0.5, 1.5]).buffer);
  t.deepEqual(
    await statisticsOf(dicomFile([...imageElements({ ...one, bits: 32 }), element(0x7fe00008, 'OF', floats)])),
    {
      min: 0.5,
      max: 1.5,
      mean: 1,
    },
  );
});

test('frames of one bit a pixel may share a byte', async (t) => {
  const bytes = dicomFile([
    ...imageElements({ rows: 2, columns: 2, frames: 3, bits: 1 }),
    element(0x7fe00010, 'OB', Buffer.from([1, 2])),
  ]);
  const samples = samplesOf(await readBytes(t, bytes, STREAM));
  const start = samples[0]!.offset!;
  t.deepEqual(
    samples.map(({ offset, length, value }) => [offset! - start, length, value]),
    [
      [0, 1, {}],
      [0, 1, {}],
      [1, 1, {}],
    ],
  );
});

test('pixel data without a description are one frame', async (t) => {
  const bytes = dicomFile([element(0x7fe00010, 'OB', Buffer.alloc(10))]);
  t.deepEqual(
    samplesOf(await readBytes(t, bytes, STREAM)).map(({ length, value }) => [length, value]),
    [[10, {}]],
  );
});

test('no more frames than there are bytes', async (t) => {
  const bytes = dicomFile([
    ...imageElements({ rows: 2, columns: 2, frames: 9999, bits: 8 }),
    element(0x7fe00010, 'OB', Buffer.alloc(10)),
  ]);
  t.is(samplesOf(await readBytes(t, bytes, STREAM)).length, 2);
});

const A = Buffer.from('AAAA');
const B = Buffer.from('BBBBBB');
const C = Buffer.from('CC');
const SOI = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
const image = (frames: number) => imageElements({ rows: 2, columns: 2, frames, bits: 8 });

for (const [title, frames, fragments, table, extra, expected] of [
  ['the offset table', 2, [A, B, C], [0, 12], [], [[A], [B, C]]],
  ['the offset table, two fragments first', 2, [A, B, C], [0, 26], [], [[A, B], [C]]],
  ['one frame', 1, [A, B, C], [], [], [[A, B, C]]],
  ['fragments, where nothing else tells', 3, [A, B, C], [], [], [[A], [B], [C]]],
  ['the start of a codestream', 2, [SOI, B, SOI], [], [], [[SOI, B], [SOI]]],
  ['the extended offset table', 2, [A, B], [], [element(0x7fe00001, 'OV', Buffer.alloc(16))], [[A], [B]]],
] as const) {
  test(`encapsulated frames are told apart by ${title}`, async (t) => {
    const bytes = dicomFile([...image(frames), ...extra, encapsulated(fragments, table), LAST], UID.jpeg);
    const records = await readBytes(t, bytes, STREAM);
    t.deepEqual(
      samplesOf(records).map(({ index, value }) => [index, value]),
      expected.map((parts, i) => [i, { fragments: parts.length }]),
    );
    for (const { offset, length, index } of samplesOf(records)) {
      const parts = expected[index]!;
      t.is(bytes.compare(parts[0]!, 0, undefined, offset, offset! + parts[0]!.length), 0);
      t.is(
        length,
        parts.reduce((sum, part) => sum + part.length + 8, -8),
      );
    }
    t.is(fieldsOf(records).at(-1)!.key, 'FFFCFFFC');
    t.deepEqual([statusOf(records), issuesOf(records)], ['ok', []]);
    await same(
      t,
      bytes,
      expected.map((parts) => Buffer.concat(parts)),
    );
  });
}

test('frames can be read from a first one on, and only so many', async (t) => {
  const bytes = dicomFile([...image(3), encapsulated([A, B, C])], UID.jpeg);
  const frames = await framesOf(new MemoryInput(bytes), { firstFrame: 1, frameCount: 1 });
  t.deepEqual([...frames], [[1, B]]);
});

test('the offset of a chunk is where its bytes stand in the file', async (t) => {
  const bytes = dicomFile([...image(2), encapsulated([A, B], [0, 12])], UID.jpeg);
  for await (const chunk of readFrames(new MemoryInput(bytes), { chunkBytes: 3 })) {
    t.deepEqual(bytes.subarray(chunk.offset, chunk.offset + chunk.bytes.length), chunk.bytes);
    t.true(chunk.bytes.length <= 3);
  }
});

test('cut pixel data fail behind the chunks that are there', async (t) => {
  const whole = dicomFile([...image(2), encapsulated([A, B], [0, 12])], UID.jpeg);
  const seen: string[] = [];
  const read = async () => {
    for await (const { bytes } of readFrames(new MemoryInput(whole.subarray(0, -10)))) seen.push(bytes.toString());
  };
  await t.throwsAsync(read(), { code: 'ERR_TRUNCATED_INPUT' });
  t.deepEqual(seen, ['AAAA']);
});

test('wrong options are refused at the call', (t) => {
  t.throws(() => readFrames(new MemoryInput(A), { frameCount: 0 }), { code: 'ERR_OPTION' });
  t.throws(() => readFrames(new MemoryInput(A), { firstFrame: -1 }), { code: 'ERR_OPTION' });
});
