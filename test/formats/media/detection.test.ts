import test from 'ava';
import { audioFormat } from '../../../src/formats/audio/format.ts';
import { videoFormat } from '../../../src/formats/video/format.ts';
import { aiff, flac, mp3, mp4, opus, rf64, simpleBlock, soundEntry, wav, wave64, webm } from './files.ts';

const sound = {
  wav: wav(),
  rf64: rf64(),
  w64: wave64(),
  aiff: aiff(),
  mp3: mp3(3, 'Title'),
  flac: flac(),
  opus: opus(),
};

for (const [name, bytes] of Object.entries(sound)) {
  test(`${name} is audio`, (t) => {
    t.true(audioFormat.likelihood(bytes.subarray(0, 4096)) >= 0.9);
    t.true(videoFormat.likelihood(bytes.subarray(0, 4096)) <= 0.5);
  });
}

test('MPEG audio without a tag is plausible', (t) => {
  const likelihood = audioFormat.likelihood(mp3());
  t.true(likelihood > 0.5 && likelihood < 0.9);
});

test('an MP4 is what its first bytes show: brand, tracks, else both', (t) => {
  const video = mp4();
  t.is(videoFormat.likelihood(video), 1);
  t.true(audioFormat.likelihood(video) <= 0.5);
  const m4a = mp4({ brand: 'M4A ', handler: 'soun', entry: soundEntry('mp4a', 2, 16, 44_100) });
  t.is(audioFormat.likelihood(m4a), 1);
  const far = mp4({ samples: [5000] }).subarray(0, 4096);
  t.is(audioFormat.likelihood(far), videoFormat.likelihood(far));
});

test('a WebM file is what its tracks say', (t) => {
  const video = webm([simpleBlock(0, Buffer.alloc(4))]);
  t.is(videoFormat.likelihood(video), 1);
  const audio = Buffer.from(video);
  const at = audio.indexOf(Buffer.from('83010000000000000101', 'hex'));
  audio[at + 9] = 2;
  t.is(audioFormat.likelihood(audio), 1);
});

test('containers that only ffmpeg reads are known by their first bytes', (t) => {
  const starts = {
    audio: [
      '.snd\0\0\0\x18',
      'caff\0\x01\0\0',
      'TTA1\x01\0',
      '#!AMR\n',
      'Creative Voice File\x1a',
      '\x0b\x77\xaa\xaa\x14\x40',
    ],
    video: ['FLV\x01\x05', 'DKIF\0\0', '\0\0\x01\xba\x44'],
    either: [
      'nut/multimedia container\0',
      '\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02\x04\0',
      '.RMF\0\0',
    ],
  };
  const likelihoods = (start: string): [number, number] => {
    const head = Buffer.from(start, 'latin1');
    return [audioFormat.likelihood(head), videoFormat.likelihood(head)];
  };
  for (const start of starts.audio) t.true(likelihoods(start)[0] >= 0.6 && likelihoods(start)[1] === 0, start);
  for (const start of starts.video) t.true(likelihoods(start)[1] >= 0.9 && likelihoods(start)[0] === 0, start);
  for (const start of starts.either)
    t.true(
      likelihoods(start).every((likelihood) => likelihood === 0.9),
      start,
    );
  t.deepEqual(likelihoods('\x0b\x77\xaa\xaa\xff\x40'), [0, 0], 'a sync word of AC-3, but no sample rate');
});

test('text, playlists and other formats are neither', (t) => {
  for (const text of [
    '#EXTM3U\n',
    'ffconcat version 1.0\n',
    'SIMPLE  =',
    '\x89HDF\r\n',
    'CDF\x01',
    '%PDF',
    '',
    '-version',
  ]) {
    t.is(audioFormat.likelihood(Buffer.from(text, 'latin1')), 0, text);
    t.is(videoFormat.likelihood(Buffer.from(text, 'latin1')), 0, text);
  }
});

test('any few bytes get an answer between 0 and 1', (t) => {
  for (let first = 0; first < 256; first++) {
    for (let length = 0; length < 40; length++) {
      const head = Buffer.alloc(length, first);
      for (const format of [audioFormat, videoFormat]) {
        const likelihood = format.likelihood(head);
        t.true(likelihood >= 0 && likelihood <= 1);
      }
    }
  }
});
