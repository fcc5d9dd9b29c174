import test from 'ava';
import { end, field, issues, objects, readAudio, readVideo, samples } from './collect.ts';
import { box, fragment, fragmentedMp4, itunesTags, mp4, soundEntry, u16, u32 } from './files.ts';

test('a track becomes a stream with its codec, size, rate and duration', async (t) => {
  const records = await readVideo(mp4());
  const [stream] = objects(records);
  t.like(stream, { path: 'stream[0]', class: 'stream', dtype: 'video', codec: 'h264' });
  t.like(stream?.attributes, { width: 64, height: 48, frameRate: 25, duration: 0.16, timeScale: 1000, packetCount: 4 });
  t.is(field(records, 'format/duration'), 0.16);
  t.is(field(records, 'format/container'), 'mp4');
  t.is(end(records).status, 'ok');
});

test('packets have index, time, place and key flag', async (t) => {
  const packets = samples(await readVideo(mp4(), { packets: true }));
  t.deepEqual(
    packets.map(({ index, time, offset, length, value }) => ({ index, time, offset, length, value })),
    [100, 60, 70, 80].map((length, i) => ({
      index: i,
      time: i * 0.04,
      offset: 28 + [0, 100, 160, 230][i]!,
      length,
      value: { keyframe: i === 0, dts: i * 40, pts: i * 40 },
    })),
  );
});

test('composition offsets move the presentation, negative ones the decoding', async (t) => {
  const times = async (ctts: Buffer): Promise<unknown[]> => {
    const packets = samples(await readVideo(mp4({ samples: [9, 9, 9], tables: { ctts } }), { packets: true }));
    return packets.map(({ value }) => [(value as { dts: number }).dts, (value as { pts: number }).pts]);
  };
  t.deepEqual(await times(u32(0, 2, 1, 80, 2, 0)), [
    [0, 80],
    [40, 40],
    [80, 80],
  ]);
  t.deepEqual(await times(u32(0x1000000, 2, 1, 40, 2, -40)), [
    [-40, 40],
    [0, 0],
    [40, 40],
  ]);
});

test('the edit list moves both times', async (t) => {
  const shifted = samples(await readVideo(mp4({ edits: u32(0, 1, 120, 40, 0x10000) }), { packets: true }));
  t.is(shifted[0]?.time, -0.04);
  const delayed = samples(
    await readVideo(mp4({ edits: u32(0, 2, 500, 0xffffffff, 0x10000, 160, 0, 0x10000) }), { packets: true }),
  );
  t.is(delayed[0]?.time, 0.5);
});

test('chunks of different lengths are walked by their runs', async (t) => {
  // three chunks of 2, 1 and 1 samples
  const tables = { stsc: u32(0, 2, 1, 2, 1, 2, 1, 1), stco: u32(0, 3, 28, 200, 300) };
  const packets = samples(await readVideo(mp4({ tables }), { packets: true }));
  t.deepEqual(
    packets.map(({ offset }) => offset),
    [28, 128, 200, 300],
  );
});

test('compact sizes of 4 bits are two to a byte', async (t) => {
  const tables = { stsz: u32(0, 0, 0), stz2: Buffer.concat([u32(0, 4, 3), Buffer.from([0x97, 0x50])]) };
  const { stsz: _, ...rest } = tables;
  const file = mp4({ samples: [9, 7, 5], tables: rest });
  const patched = Buffer.from(file);
  patched.write('free', patched.indexOf('stsz'), 'latin1');
  t.deepEqual(
    samples(await readVideo(patched, { packets: true })).map(({ length }) => length),
    [9, 7, 5],
  );
});

test('the sound of QuickTime comes in packets of 1,024 frames', async (t) => {
  const entry = soundEntry('sowt', 2, 16, 8000);
  const sizes = [u32(0, 4, 2500), u32(0, 1, 2500, 1), u32(0, 1, 1, 2500, 1)];
  const tables = { stsz: sizes[0]!, stts: sizes[1]!, stsc: sizes[2]! };
  const file = mp4({ samples: [10_000], handler: 'soun', timeScale: 8000, entry, tables, brand: 'qt  ' });
  const packets = samples(await readAudioPackets(file));
  t.deepEqual(
    packets.map(({ length }) => length),
    [4096, 4096, 1808],
  );
  t.deepEqual(
    packets.map(({ time }) => time),
    [0, 0.128, 0.256],
  );
});

async function readAudioPackets(file: Buffer): ReturnType<typeof readVideo> {
  return readVideo(file, { packets: true });
}

test('fragments continue the samples of the movie', async (t) => {
  const records = await readVideo(fragmentedMp4([[50, 60], [70]]), { packets: true });
  const packets = samples(records);
  t.deepEqual(
    packets.map(({ index, length, time }) => [index, length, time]),
    [
      [0, 50, 0],
      [1, 60, 0.04],
      [2, 70, 0.08],
    ],
  );
  t.is(field(records, 'format/duration'), 0.12);
  t.is(end(records).status, 'ok');
});

test('a fragment whose samples would be shown before they are decoded is shown later, as FFmpeg shows it', async (t) => {
  const fragments = [fragment(1, 0, [50, 60, 70], 40, [0, 40, -40]), fragment(2, 120, [80], 40, [0])];
  const packets = samples(await readVideo(Buffer.concat([fragmentedMp4([]), ...fragments]), { packets: true }));
  t.deepEqual(
    packets.map(({ value }) => value),
    [
      { keyframe: false, dts: 0, pts: 40 },
      { keyframe: false, dts: 40, pts: 120 },
      { keyframe: false, dts: 80, pts: 80 },
      { keyframe: false, dts: 120, pts: 160 },
    ],
  );
});

test('a sample behind the end of the file is where the packets end', async (t) => {
  const records = await readVideo(mp4({ tables: { stco: u32(0, 1, 100_000) } }), { packets: true });
  t.is(end(records).status, 'partial');
  t.like(issues(records)[0], { code: 'ERR_TRUNCATED_INPUT', offset: 100_000 });
  t.is(samples(records).length, 0);
});

test('tags come under their common and under their own name', async (t) => {
  const records = await readVideo(
    mp4({ extra: itunesTags({ '\xa9nam': 'A title', '\xa9ART': 'Somebody', '\xa9alb': 'Äther' }) }),
  );
  t.is(field(records, 'tags/title'), 'A title');
  t.is(field(records, 'tags/artist'), 'Somebody');
  t.is(field(records, 'native/iTunes:\xa9alb'), 'Äther');
  t.is(end(records).status, 'ok');
});

test('tags that cannot be read cost nothing else', async (t) => {
  const bad = box('udta', box('meta', u32(0), box('ilst', u32(5000), 'xxxx')));
  const records = await readVideo(mp4({ extra: bad }));
  t.is(objects(records).length, 1);
  t.is(end(records).status, 'partial');
});

test('without tags, music-metadata is not asked', async (t) => {
  const records = await readVideo(mp4({ extra: itunesTags({ '\xa9nam': 'A title' }) }), { tags: false });
  t.is(field(records, 'tags/title'), undefined);
});

test('the chapters of Nero are chapter objects', async (t) => {
  const title = (units: number, text: string): Buffer =>
    Buffer.concat([u32(0, units), Buffer.from([text.length]), Buffer.from(text)]);
  const chpl = box('chpl', u32(0x1000000, 0), [2], title(0, 'One'), title(10_000_000, 'Two'));
  const chapters = objects(await readVideo(mp4({ extra: box('udta', chpl) }))).filter((o) => o.class === 'chapter');
  t.deepEqual(
    chapters.map(({ path, attributes }) => [path, attributes?.start, attributes?.title]),
    [
      ['chapter[0]', 0, 'One'],
      ['chapter[1]', 1, 'Two'],
    ],
  );
});

test('AAC tells its rate and channels in the AudioSpecificConfig', async (t) => {
  const specific = Buffer.from([0x05, 2, 0x12, 0x10]); // LC, 44.1 kHz, 2 channels
  const decoder = Buffer.concat([
    Buffer.from([0x04, 13 + specific.length, 0x40, 0x15, 0, 0, 0]),
    u32(128_000, 96_000),
    specific,
  ]);
  const esds = box('esds', u32(0), [0x03, 3 + decoder.length, 0, 1, 0], decoder);
  const entry = soundEntry('mp4a', 1, 16, 48_000, esds);
  const [stream] = objects(await readAudio(mp4({ handler: 'soun', entry })));
  t.like(stream, { dtype: 'audio', codec: 'aac' });
  t.like(stream?.attributes, { sampleRate: 44_100, channels: 2, bitRate: 96_000 });
});

test('a protected entry shows the codec that it protects', async (t) => {
  const entry = soundEntry('enca', 2, 16, 44_100, box('sinf', box('frma', 'alac')));
  const [stream] = objects(await readAudio(mp4({ handler: 'soun', entry })));
  t.is(stream?.codec, 'alac');
});

test('a turned picture tells by how much', async (t) => {
  const file = mp4();
  const at = file.indexOf('tkhd') + 4 + 40;
  u32(0, 0x10000, 0, 0xffff0000).copy(file, at);
  t.is(objects(await readVideo(file))[0]?.attributes?.rotation, 90);
});

test('a language is three letters of five bits', async (t) => {
  const file = mp4();
  const packed = [...'deu'].reduce((bits, letter) => (bits << 5) | (letter.charCodeAt(0) - 0x60), 0);
  u16(packed).copy(file, file.indexOf('mdhd') + 4 + 20);
  t.is(objects(await readVideo(file))[0]?.attributes?.language, 'deu');
});
