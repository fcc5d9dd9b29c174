const WIDTH = 16;
const HEIGHT = 12;
const FRAME_COUNT = 10;
const FRAME_BYTES = WIDTH * HEIGHT * 3;
/** Ticks a second; a frame lasts one tick. */
const TIME_SCALE = 10;

/** A QuickTime film of one second: a bright column that moves over ten frames of uncompressed RGB. */
export function filmFile(): Buffer {
  const fileType = atom('ftyp', Buffer.from('qt  '), int(0x20050300), Buffer.from('qt  '));
  const frames = Array.from({ length: FRAME_COUNT }, (_, index) => frame(index));
  const mdat = atom('mdat', ...frames);
  return Buffer.concat([fileType, mdat, movie(fileType.length + 8)]);
}

function frame(index: number): Buffer {
  const pixels = Buffer.alloc(FRAME_BYTES, 40);
  for (let y = 0; y < HEIGHT; y++) pixels.fill(230, (y * WIDTH + index) * 3, (y * WIDTH + index + 1) * 3);
  return pixels;
}

/** QuickTime File Format, "Movie atoms". */
function movie(firstFrameOffset: number): Buffer {
  const matrix = int(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
  const header = atom(
    'mvhd',
    int(0, 0, 0, TIME_SCALE, FRAME_COUNT, 0x10000, 0x1000000, 0, 0),
    matrix,
    int(0, 0, 0, 0, 0, 0, 2),
  );
  const trackHeader = atom(
    'tkhd',
    int(0xf, 0, 0, 1, 0, FRAME_COUNT, 0, 0, 0, 0),
    matrix,
    int(WIDTH * 0x10000, HEIGHT * 0x10000),
  );
  const mediaHeader = atom('mdhd', int(0, 0, 0, TIME_SCALE, FRAME_COUNT, 0));
  const media = atom('mdia', mediaHeader, handler('mhlr', 'vide'), mediaInformation(firstFrameOffset));
  return atom('moov', header, atom('trak', trackHeader, media));
}

function mediaInformation(firstFrameOffset: number): Buffer {
  const dataReference = atom('dinf', atom('dref', int(0, 1), atom('alis', int(1))));
  const videoHeader = atom('vmhd', int(1, 0x00408000, 0x80008000 | 0));
  return atom('minf', videoHeader, handler('dhlr', 'alis'), dataReference, sampleTable(firstFrameOffset));
}

function sampleTable(firstFrameOffset: number): Buffer {
  return atom(
    'stbl',
    atom('stsd', int(0, 1), sampleDescription()),
    atom('stts', int(0, 1, FRAME_COUNT, 1)),
    atom('stsc', int(0, 1, 1, FRAME_COUNT, 1)),
    atom('stsz', int(0, FRAME_BYTES, FRAME_COUNT)),
    atom('stco', int(0, 1, firstFrameOffset)),
  );
}

function sampleDescription(): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt16BE(WIDTH, 0);
  size.writeUInt16BE(HEIGHT, 2);
  const resolution = int(72 * 0x10000, 72 * 0x10000, 0);
  // One frame a sample, no name, 24 bits a pixel, no colour table.
  const rest = Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(32), Buffer.from([0, 24, 0xff, 0xff])]);
  return atom('raw ', int(0, 1, 0, 0, 0, 0), size, resolution, rest);
}

function handler(type: string, subtype: string): Buffer {
  return atom('hdlr', int(0), Buffer.from(type), Buffer.from(subtype), int(0, 0, 0), Buffer.alloc(1));
}

function atom(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([int(body.length + 8), Buffer.from(type, 'latin1'), body]);
}

function int(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(value | 0, index * 4);
  return bytes;
}
