import test from 'ava';
import { end, field, issues, objects, readAudio, readVideo } from './collect.ts';
import { chunk, flac, id3, mp3, oggPage, opus, u32 } from './files.ts';

test('MPEG audio without a Xing header is counted frame by frame', async (t) => {
  const records = await readAudio(mp3(100, 'Title'));
  t.like(objects(records)[0], { dtype: 'audio', codec: 'mp3' });
  t.is(Math.round((field(records, 'format/duration') as number) * 44_100), 100 * 1152);
  t.is(field(records, 'tags/title'), 'Title');
  t.is(field(records, 'native/ID3v2.3:TIT2'), 'Title');
});

test('a Xing header tells the frames, and a shorter file is told', async (t) => {
  const file = mp3(10);
  file.write('Xing', 36, 'latin1');
  u32(3, 500, 500 * 417).copy(file, 40);
  const records = await readAudio(file);
  t.is(Math.round((field(records, 'format/duration') as number) * 44_100), 500 * 1152);
  t.like(issues(records)[0], { code: 'ERR_TRUNCATED_INPUT', severity: 'warning' });
});

test('a long file is taken to go on as it starts, and its end is looked at', async (t) => {
  const file = mp3(4000);
  const whole = await readAudio(file);
  t.is(Math.round(field(whole, 'format/duration') as number), Math.round((4000 * 1152) / 44_100));
  t.is(issues(whole).length, 0);
  const cut = await readAudio(file.subarray(0, file.length - 100));
  t.like(issues(cut)[0], { code: 'ERR_TRUNCATED_INPUT', severity: 'warning' });
});

test('an ID3v1 tag at the end is no sound', async (t) => {
  const tag = Buffer.alloc(128);
  tag.write('TAGOld title', 0, 'latin1');
  const records = await readAudio(Buffer.concat([mp3(3), tag]));
  t.is(issues(records).filter(({ severity }) => severity !== 'info').length, 0);
  t.is(field(records, 'tags/title'), 'Old title');
});

test('ADTS frames tell rate, channels and duration', async (t) => {
  const frame = Buffer.alloc(200);
  Buffer.from([0xff, 0xf1, 0x50, 0x80, 0x19, 0x1f, 0xfc]).copy(frame); // LC, 44.1 kHz, 2 channels, 200 bytes
  const records = await readAudio(Buffer.concat(Array.from({ length: 43 }, () => frame)));
  t.like(objects(records)[0], { codec: 'aac' });
  t.like(objects(records)[0]?.attributes, { sampleRate: 44_100, channels: 2 });
  t.is(Math.round((field(records, 'format/duration') as number) * 44_100), 43 * 1024);
});

test('FLAC tells its sound in STREAMINFO, also behind an ID3 tag', async (t) => {
  for (const file of [
    flac(['TITLE=Title', 'ARTIST=A', 'ARTIST=B']),
    Buffer.concat([id3({ TIT2: 'x'.repeat(6000) }), flac(['TITLE=Title'])]),
  ]) {
    const records = await readAudio(file);
    t.like(objects(records)[0], { codec: 'flac' });
    t.like(objects(records)[0]?.attributes, { sampleRate: 44_100, channels: 2, bitsPerSample: 16 });
    t.is(end(records).status, 'ok');
  }
});

test('repeated tags are one field with an array', async (t) => {
  const records = await readAudio(flac(['ARTIST=A', 'ARTIST=B']));
  t.deepEqual(field(records, 'native/vorbis:ARTIST'), ['A', 'B']);
});

test('Opus runs at 48 kHz, whatever the original did, and its pre-skip is no sound', async (t) => {
  const records = await readAudio(opus());
  t.like(objects(records)[0]?.attributes, { sampleRate: 48_000, channels: 2 });
  t.is(field(records, 'format/duration'), 2);
  t.is(field(records, 'tags/title'), 'Hey');
});

test('an Ogg file without its last page says so', async (t) => {
  const file = opus();
  const cut = file.subarray(0, file.lastIndexOf('OggS'));
  t.like(issues(await readAudio(cut))[0], { code: 'ERR_TRUNCATED_INPUT', severity: 'warning' });
});

test('Theora frames are counted by both parts of the granule', async (t) => {
  const head = Buffer.alloc(42);
  head.write('\x80theora', 0, 'latin1');
  head.writeUIntBE(64, 14, 3);
  head.writeUIntBE(48, 17, 3);
  u32(25, 1).copy(head, 22);
  head.writeUInt16BE(6 << 5, 40);
  const granule = (40 << 6) + 10; // 10 frames behind the keyframe 40
  const records = await readVideo(Buffer.concat([oggPage(2, 0, 0, head), oggPage(4, granule, 1, Buffer.alloc(9))]), {
    tags: false,
  });
  t.like(objects(records)[0], { dtype: 'video', codec: 'theora' });
  t.is(field(records, 'format/duration'), 2);
});

test('VP8 frames in Ogg are counted by the upper half of the granule', async (t) => {
  const size = Buffer.from([0, 64, 0, 48]);
  const head = Buffer.concat([Buffer.from('OVP80\x01\x01\0', 'latin1'), size, Buffer.alloc(6), u32(25, 1)]);
  const page = oggPage(4, (50n << 32n) + 99n, 1, Buffer.alloc(9));
  const records = await readVideo(Buffer.concat([oggPage(2, 0, 0, head), page]), { tags: false });
  t.like(objects(records)[0], { dtype: 'video', codec: 'vp8', attributes: { width: 64, height: 48, frameRate: 25 } });
  t.is(field(records, 'format/duration'), 2);
});

test('an Ogg stream of an unknown codec has its number, and its pages are no damage', async (t) => {
  const skeleton = oggPage(2, 0, 0, Buffer.from('fishead'.padEnd(64, '\0')), 5);
  const last = oggPage(4, 0, 1, Buffer.alloc(40), 5);
  const records = await readAudio(Buffer.concat([skeleton, opus(), last]));
  t.deepEqual(
    objects(records).map(({ path, dtype, codec }) => [path, dtype, codec]),
    [
      ['stream[0]', 'data', undefined],
      ['stream[1]', 'audio', 'opus'],
    ],
  );
  t.is(field(records, 'format/duration'), 2);
  t.deepEqual(issues(records), []);
});

test('AVI tells its streams in the header list', async (t) => {
  const header = (type: string, scale: number, rate: number, length: number): Buffer => {
    const bytes = Buffer.alloc(56);
    bytes.write(type, 0, 'latin1');
    bytes.writeUInt32LE(scale, 20);
    bytes.writeUInt32LE(rate, 24);
    bytes.writeUInt32LE(length, 32);
    return chunk('strh', bytes);
  };
  const picture = Buffer.alloc(40);
  picture.writeInt32LE(64, 4);
  picture.writeInt32LE(-48, 8);
  picture.write('H264', 16, 'latin1');
  const strl = chunk('LIST', Buffer.concat([Buffer.from('strl'), header('vids', 1, 25, 50), chunk('strf', picture)]));
  const hdrl = chunk('LIST', Buffer.concat([Buffer.from('hdrl'), chunk('avih', Buffer.alloc(56)), strl]));
  const file = chunk('RIFF', Buffer.concat([Buffer.from('AVI '), hdrl, chunk('LIST', Buffer.from('movi'))]));
  const records = await readVideo(file);
  t.like(objects(records)[0], { dtype: 'video', codec: 'h264' });
  t.like(objects(records)[0]?.attributes, { width: 64, height: 48, frameRate: 25, duration: 2 });
  t.is(end(records).status, 'ok');
  t.is(end(await readVideo(file.subarray(0, file.length - 6))).status, 'partial');
});

test('containers without a reader of our own name ffmpeg', async (t) => {
  for (const head of ['FLV\x01\x05\0\0\0\x09\0\0\0\0', '\0\0\x01\xba0123456789']) {
    const records = await readVideo(Buffer.from(head, 'latin1'));
    t.is(end(records).status, 'failed');
    t.is(issues(records)[0]?.code, 'ERR_UNSUPPORTED');
    t.regex(issues(records)[0]!.message, /option ffmpeg/);
  }
});

test('an empty file fails', async (t) => {
  const records = await readAudio(Buffer.alloc(0));
  t.is(end(records).status, 'failed');
  t.is(issues(records)[0]?.code, 'ERR_TRUNCATED_INPUT');
});
