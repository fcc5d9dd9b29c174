import test from 'ava';
import { end, field, issues, objects, readVideo, samples } from './collect.ts';
import { element, simpleBlock, u32, webm } from './files.ts';

test('a WebM file tells its track, duration and container', async (t) => {
  const records = await readVideo(webm([simpleBlock(0, Buffer.alloc(5))]));
  t.is(field(records, 'format/container'), 'webm');
  t.is(field(records, 'format/duration'), 0.12);
  t.like(objects(records)[0], { dtype: 'video', codec: 'vp9' });
  t.like(objects(records)[0]?.attributes, { width: 64, height: 48 });
});

test('blocks are packets with time, place and key flag', async (t) => {
  const file = webm([simpleBlock(0, Buffer.alloc(40, 1)), simpleBlock(40, Buffer.alloc(30, 2), false)]);
  const packets = samples(await readVideo(file, { packets: true }));
  t.deepEqual(
    packets.map(({ index, time, length }) => [index, time, length]),
    [
      [0, 0, 40],
      [1, 0.04, 30],
    ],
  );
  t.deepEqual(
    packets.map(({ value }) => (value as { keyframe: boolean }).keyframe),
    [true, false],
  );
  for (const { offset, length, index } of packets) {
    t.true(file.subarray(offset!, offset! + length!).every((byte) => byte === index + 1));
  }
});

test('a block group is a keyframe unless it refers to another', async (t) => {
  const block = element(0xa1, Buffer.concat([Buffer.from([0x81, 0, 0, 0]), Buffer.alloc(9)]));
  const groups = [element(0xa0, block), element(0xa0, Buffer.concat([block, element(0xfb, 1)]))];
  const packets = samples(await readVideo(webm(groups), { packets: true }));
  t.deepEqual(
    packets.map(({ value }) => (value as { keyframe: boolean }).keyframe),
    [true, false],
  );
});

for (const [name, lacing, head] of [
  ['Xiph', 1, [2, 10, 20]],
  ['EBML', 3, [2, 0x80 | 10, 0x80 | (63 + 10)]],
  ['fixed', 2, [2]],
] as const) {
  test(`${name} lacing gives one packet per frame`, async (t) => {
    const total = name === 'fixed' ? 60 : 10 + 20 + 30;
    const block = simpleBlock(0, Buffer.concat([Buffer.from(head), Buffer.alloc(total)]), true, lacing);
    const packets = samples(await readVideo(webm([block]), { packets: true }));
    t.deepEqual(
      packets.map(({ length }) => length),
      name === 'fixed' ? [20, 20, 20] : [10, 20, 30],
    );
    t.is(packets[2]!.offset! + packets[2]!.length!, packets[0]!.offset! + total);
  });
}

test('lacing that does not fit its block is malformed', async (t) => {
  const block = simpleBlock(0, Buffer.from([2, 200, 200, 1, 1]), true, 1);
  const records = await readVideo(webm([block]), { packets: true });
  t.is(end(records).status, 'partial');
  t.is(issues(records)[0]?.code, 'ERR_MALFORMED');
});

test('clusters of unknown size end where the next one starts', async (t) => {
  const file = webm([simpleBlock(0, Buffer.alloc(5))]);
  const at = file.indexOf(Buffer.from('1f43b675', 'hex'));
  const cluster = Buffer.from(file.subarray(at));
  cluster.fill(0xff, 5, 12);
  cluster[4] = 0x01;
  const two = Buffer.concat([file.subarray(0, at), cluster, cluster]);
  const segment = two.indexOf(Buffer.from('18538067', 'hex'));
  two.fill(0xff, segment + 5, segment + 12);
  t.is(samples(await readVideo(two, { packets: true })).length, 2);
});

test('a seek head leads to what is behind the clusters, and each place is visited once', async (t) => {
  const plain = webm([simpleBlock(0, Buffer.alloc(5))]);
  const seek = (position: number): Buffer =>
    element(0x4dbb, Buffer.concat([element(0x53ab, 0x1254c367), element(0x53ac, u32(position))]));
  const headBytes = element(0x114d9b74, Buffer.concat([seek(0), seek(0)])).length;
  const start = plain.indexOf(Buffer.from('18538067', 'hex')) + 12;
  const simple = element(
    0x67c8,
    Buffer.concat([element(0x45a3, Buffer.from('TITLE')), element(0x4487, Buffer.from('Behind'))]),
  );
  const tags = element(0x1254c367, element(0x7373, Buffer.concat([element(0x63c0, element(0x68ca, 30)), simple])));
  const position = headBytes + plain.length - start;
  const seekHead = element(0x114d9b74, Buffer.concat([seek(position), seek(position)]));
  const body = Buffer.concat([seekHead, plain.subarray(start), tags]);
  const file = Buffer.concat([plain.subarray(0, start - 12), element(0x18538067, body)]);
  const records = await readVideo(file);
  t.is(field(records, 'tags/title'), 'Behind');
  t.is(end(records).status, 'ok');
});

test('attached files are pictures or streams, and their bytes are not read', async (t) => {
  const file = (type: string, bytes: number): Buffer =>
    element(
      0x61a7,
      Buffer.concat([
        element(0x466e, Buffer.from('a.bin')),
        element(0x4660, Buffer.from(type)),
        element(0x465c, Buffer.alloc(bytes)),
      ]),
    );
  const attachments = element(0x1941a469, Buffer.concat([file('image/png', 3000), file('font/ttf', 20)]));
  const found = objects(await readVideo(webm([simpleBlock(0, Buffer.alloc(5))], [attachments])));
  t.like(found.find((o) => o.class === 'picture')?.attributes, { mediaType: 'image/png', bytes: 3000 });
  t.like(found.find((o) => o.dtype === 'attachment')?.attributes, { mediaType: 'font/ttf', bytes: 20 });
});

test('chapters, also nested ones', async (t) => {
  const atom = (start: number, title: string, ...inner: Buffer[]): Buffer =>
    element(0xb6, Buffer.concat([element(0x91, start), element(0x80, element(0x85, Buffer.from(title))), ...inner]));
  const chapters = element(0x1043a770, element(0x45b9, atom(0, 'One', atom(500_000_000, 'Inner'))));
  const found = objects(await readVideo(webm([simpleBlock(0, Buffer.alloc(5))], [chapters]))).filter(
    (o) => o.class === 'chapter',
  );
  t.deepEqual(
    found.map(({ attributes }) => [attributes?.start, attributes?.title]),
    [
      [0, 'One'],
      [0.5, 'Inner'],
    ],
  );
});
