/** Small files of the containers that are rarer: ASF, AVI, Monkey's Audio, WavPack, Musepack, DSF, DSDIFF. */
import { chunk, id3, waveFormat } from './files.ts';

/** 32-bit little-endian numbers. */
function le32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    bytes.writeUInt32LE(value >>> 0, i * 4);
  });
  return bytes;
}

function le64(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, i) => {
    bytes.writeBigUInt64LE(BigInt(value), i * 8);
  });
  return bytes;
}

function be64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** An ASF object: GUID, size with its header, payload. */
function asfObject(guid: string, ...payload: readonly Buffer[]): Buffer {
  const body = Buffer.concat(payload);
  return Buffer.concat([Buffer.from(guid, 'hex'), le64(24 + body.length), body]);
}

/** A WMA file of one stream; `title` in the content description. */
export function asf(title: string, mediaBytes = 100): Buffer {
  const text = Buffer.from(`${title}\0`, 'utf16le');
  const sizes = Buffer.alloc(10);
  sizes.writeUInt16LE(text.length, 0);
  const description = asfObject('3326b2758e66cf11a6d900aa0062ce6c', sizes, text);
  // 3.2: file id, size, creation, packets, play and send duration, preroll, flags, packet sizes, bit rate
  const properties = asfObject(
    'a1dcab8c47a9cf118ee400c00c205365',
    Buffer.concat([Buffer.alloc(16), le64(0, 0, 1, 30_000_000, 30_000_000, 1000), le32(2, 100, 100, 64_000)]),
  );
  const sound = Buffer.concat([waveFormat({ tag: 0x161, channels: 2, sampleRate: 44_100 }), Buffer.alloc(2)]);
  const stream = asfObject(
    '9107dcb7b7a9cf118ee600c00c205365',
    Buffer.from('409e69f84d5bcf11a8fd00805f5c442b', 'hex'),
    Buffer.alloc(16 + 8),
    le32(sound.length, 0),
    Buffer.from([1, 0, 0, 0, 0, 0]),
    sound,
  );
  const inner = Buffer.concat([properties, stream, description]);
  const head = asfObject('3026b2758e66cf11a6d900aa0062ce6c', le32(3), Buffer.from([1, 2]), inner);
  const data = asfObject('3626b2758e66cf11a6d900aa0062ce6c', Buffer.alloc(26), Buffer.alloc(mediaBytes));
  return Buffer.concat([head, data]);
}

/** An AVI file of one stream of pictures. */
export function avi(codec = 'H264', mediaBytes = 40): Buffer {
  const header = Buffer.alloc(56);
  header.write('vids', 0, 'latin1');
  le32(1, 25).copy(header, 20);
  le32(50).copy(header, 32);
  const picture = Buffer.alloc(40);
  picture.writeInt32LE(64, 4);
  picture.writeInt32LE(-48, 8);
  picture.write(codec, 16, 'latin1');
  const list = (type: string, ...parts: Buffer[]): Buffer =>
    chunk('LIST', Buffer.concat([Buffer.from(type, 'latin1'), ...parts]));
  const hdrl = list(
    'hdrl',
    chunk('avih', Buffer.alloc(56)),
    list('strl', chunk('strh', header), chunk('strf', picture)),
  );
  const movi = list('movi', chunk('00dc', Buffer.alloc(mediaBytes)));
  return chunk('RIFF', Buffer.concat([Buffer.from('AVI '), hdrl, movi]));
}

/** An APEv2 tag with header and footer. */
export function apeTag(items: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.concat(
    Object.entries(items).map(([key, text]) =>
      Buffer.concat([le32(Buffer.byteLength(text), 0), Buffer.from(`${key}\0${text}`)]),
    ),
  );
  const frame = (flags: number): Buffer =>
    Buffer.concat([
      Buffer.from('APETAGEX'),
      le32(2000, body.length + 32, Object.keys(items).length, flags),
      Buffer.alloc(8),
    ]);
  return Buffer.concat([frame(0xa0000000), body, frame(0x80000000)]);
}

/** A Monkey's Audio file of version 3.99. */
export function ape(title: string, audioBytes = 60): Buffer {
  const descriptor = Buffer.concat([
    Buffer.from('MAC '),
    Buffer.from([0x96, 0x0f, 0, 0]),
    le32(52, 24, 4, 0, audioBytes, 0, 0),
    Buffer.alloc(16),
  ]);
  const header = Buffer.concat([
    Buffer.from([0xd0, 7, 0, 0]),
    le32(73_728, 5000, 1),
    Buffer.from([16, 0, 2, 0]),
    le32(44_100),
  ]);
  return Buffer.concat([descriptor, header, le32(0), Buffer.alloc(audioBytes, 5), apeTag({ Title: title })]);
}

/** A WavPack file of blocks of 1,000 samples. */
export function wavpack(title: string, blocks = 2): Buffer {
  const flags = 1 | (9 << 23); // two bytes a sample, stereo, 44.1 kHz
  const parts = Array.from({ length: blocks }, (_, i) => {
    const meta = Buffer.from([0x00, 4, 1, 2, 3, 4, 5, 6, 7, 8]);
    const place = le32(blocks * 1000, i * 1000, 1000, flags, 0);
    return Buffer.concat([Buffer.from('wvpk'), le32(24 + meta.length), Buffer.from([0x10, 4, 0, 0]), place, meta]);
  });
  return Buffer.concat([...parts, apeTag({ Title: title })]);
}

/** A Musepack SV7 file: a header and frames of 20 bits of length and what they say, in swapped words of 32 bits. */
export function musepack7(title: string, frames = 3): Buffer {
  const length = 60;
  const bits = `${'00001111'}${(length.toString(2).padStart(20, '0') + '01'.repeat(length / 2)).repeat(frames)}`;
  const tail = `${bits}${(500).toString(2).padStart(11, '0')}`;
  const words = tail.padEnd(Math.ceil(tail.length / 32) * 32, '0').match(/.{32}/g)!;
  const body = le32(...words.map((word) => Number.parseInt(word, 2)));
  const head = Buffer.concat([
    Buffer.from('MP+\x07', 'latin1'),
    le32(frames, 0x80000000, 0, 0, (1 << 31) | (500 << 20)),
  ]);
  return Buffer.concat([head, body, apeTag({ Title: title })]);
}

/** A Musepack SV8 file: packets of a key and a size. */
export function musepack8(title: string, packets = 2): Buffer {
  const packet = (key: string, payload: Buffer): Buffer =>
    Buffer.concat([Buffer.from(key), Buffer.from([3 + payload.length]), payload]);
  const header = Buffer.concat([le32(0), Buffer.from([8, 0x83, 0x60, 0, 0x17, 0x18])]);
  const sound = Array.from({ length: packets }, () => packet('AP', Buffer.alloc(40, 9)));
  const parts = [Buffer.from('MPCK'), packet('SH', header), ...sound, packet('SE', Buffer.alloc(0))];
  return Buffer.concat([...parts, apeTag({ Title: title })]);
}

/** A DSF file of stereo DSD64, an ID3 tag at its end. */
export function dsf(title: string, soundBytes = 64): Buffer {
  const format = Buffer.concat([
    Buffer.from('fmt '),
    le64(52),
    le32(1, 0, 2, 2, 2_822_400, 1),
    le64(4 * soundBytes),
    le32(4096, 0),
  ]);
  const data = Buffer.concat([Buffer.from('data'), le64(12 + soundBytes), Buffer.alloc(soundBytes, 0x69)]);
  const tag = id3({ TIT2: title });
  const place = 28 + format.length + data.length;
  const head = Buffer.concat([Buffer.from('DSD '), le64(28, place + tag.length, place)]);
  return Buffer.concat([head, format, data, tag]);
}

/** A DSDIFF file of stereo DSD64. */
export function dsdiff(title: string, soundBytes = 64): Buffer {
  const part = (id: string, payload: Buffer): Buffer =>
    Buffer.concat([Buffer.from(id), be64(payload.length), payload, Buffer.alloc(payload.length % 2)]);
  const rate = Buffer.alloc(4);
  rate.writeUInt32BE(2_822_400);
  const channels = Buffer.from('\0\x02SLFTSRGT', 'latin1');
  const properties = [Buffer.from('SND '), part('FS  ', rate), part('CHNL', channels)];
  const body = Buffer.concat([
    Buffer.from('DSD '),
    part('FVER', Buffer.from([1, 5, 0, 0])),
    part('PROP', Buffer.concat(properties)),
    part('DSD ', Buffer.alloc(soundBytes, 0x69)),
    part('ID3 ', id3({ TIT2: title })),
  ]);
  return part('FRM8', body);
}
