import * as files from './files.ts';
import * as other from './other-files.ts';

const { mp4, u32, itunesTags, soundEntry, fragmentedMp4, webm, simpleBlock, element } = files;
const tags = itunesTags({ '\xa9nam': 'Title', '\xa9ART': 'Artist' });
const sound = Buffer.alloc(64, 9);
const list = files.infoList({ INAM: 'Title' });

/** The fragments of the three fragmented files: where one ends, the file is whole. */
export const FRAGMENTS: readonly (readonly (readonly number[])[])[] = [
  [
    [50, 60, 70],
    [80, 90],
  ],
  [[20]],
  [[5, 6], [7], [8, 9, 10]],
];

/** Three small files of each container. */
export const smallFiles: Readonly<Record<string, readonly Buffer[]>> = {
  mp4: [
    mp4({ extra: tags, edits: u32(0, 1, 160, 40, 0x10000) }),
    mp4({ samples: [9, 8, 7], edits: u32(0, 2, 40, 80, 0x10000, 80, 0, 0x10000), brand: 'qt  ' }),
    mp4({
      samples: Array.from({ length: 8 }, () => 16),
      handler: 'soun',
      entry: soundEntry('sowt', 2, 16, 8000),
      extra: tags,
    }),
  ],
  'fragmented mp4': FRAGMENTS.map((fragments) => fragmentedMp4(fragments)),
  webm: [
    webm([simpleBlock(0, Buffer.alloc(40)), simpleBlock(40, Buffer.alloc(30), false)]),
    webm([simpleBlock(0, Buffer.from([2, 10, 20, ...Buffer.alloc(60)]), true, 1)]),
    webm([element(0xa0, Buffer.concat([element(0xa1, Buffer.alloc(20, 0x81)), element(0x9b, 40)]))]),
  ],
  wav: [
    files.wav({ sound, chunks: [list] }),
    files.wav({ channels: 2, bits: 24, sound: Buffer.alloc(60, 3) }),
    files.wav({ tag: 3, bits: 32, sound: Buffer.alloc(64), chunks: [list] }),
  ],
  rf64: [files.rf64({ sound }), files.rf64({ sound, chunks: [list] }), files.rf64({ bits: 8, sound })],
  w64: [files.wave64({ sound }), files.wave64({ channels: 2, sound }), files.wave64({ bits: 8, sound })],
  aiff: [files.aiff({ sound }), files.aiff({ sound, type: 'sowt' }), files.aiff({ sound, type: 'fl32', bits: 32 })],
  mp3: [files.mp3(3, 'Title'), files.mp3(2), files.mp3(1, 'A longer title than that of the first')],
  flac: [
    files.flac(['TITLE=Title']),
    files.flac(),
    Buffer.concat([files.id3({ TIT2: 'Title' }), files.flac(['ARTIST=A'])]),
  ],
  ogg: [files.opus(), files.opus(8), files.opus(300)],
  asf: [other.asf('Title'), other.asf('', 10), other.asf('Another title', 200)],
  avi: [other.avi(), other.avi('XVID', 41), other.avi('MJPG', 200)],
  ape: [other.ape('Title'), other.ape('T', 10), other.ape('Another title', 200)],
  wavpack: [other.wavpack('Title'), other.wavpack('T', 1), other.wavpack('Another title', 4)],
  'musepack 7': [other.musepack7('Title'), other.musepack7('T', 1), other.musepack7('Another title', 8)],
  'musepack 8': [other.musepack8('Title'), other.musepack8('T', 1), other.musepack8('Another title', 6)],
  dsf: [other.dsf('Title'), other.dsf('T', 8), other.dsf('Another title', 200)],
  dsdiff: [other.dsdiff('Title'), other.dsdiff('T', 8), other.dsdiff('Another title', 200)],
};
