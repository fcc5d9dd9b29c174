/** Small media files made byte by byte: what the tests read. */

/** A box: size, type, payload. */
export function box(type: string, ...payload: readonly (Buffer | number[] | string)[]): Buffer {
  const body = Buffer.concat(
    payload.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** 32-bit big-endian numbers. */
export function u32(...values: readonly number[]): Buffer {
  return u32List(values);
}

/** 32-bit big-endian numbers, as many as there are. */
export function u32List(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    bytes.writeUInt32BE(value >>> 0, i * 4);
  });
  return bytes;
}

/** 16-bit big-endian numbers. */
export function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => {
    bytes.writeUInt16BE(value & 0xffff, i * 2);
  });
  return bytes;
}

/** What {@link mp4} makes. */
export interface Mp4Parts {
  /** Payloads of the tables of the one track, by name; those not given are made for `samples`. */
  readonly tables?: Readonly<Record<string, Buffer>>;
  /** Sizes of the samples. */
  readonly samples?: readonly number[];
  readonly timeScale?: number;
  /** Units of the track from sample to sample. */
  readonly delta?: number;
  readonly handler?: string;
  readonly entry?: Buffer;
  readonly extra?: Buffer;
  readonly edits?: Buffer;
  readonly brand?: string;
}

/** A sample entry of H.264 video, 64 x 48. */
export function videoEntry(): Buffer {
  const entry = Buffer.alloc(78);
  entry.writeUInt16BE(1, 6);
  entry.writeUInt16BE(64, 24);
  entry.writeUInt16BE(48, 26);
  return box('avc1', entry);
}

/** A sample entry of PCM or AAC. */
export function soundEntry(
  fourcc: string,
  channels: number,
  bits: number,
  sampleRate: number,
  ...children: Buffer[]
): Buffer {
  return box(
    fourcc,
    [0, 0, 0, 0, 0, 0, 0, 1],
    u32(0, 0),
    u16(channels, bits, 0, 0),
    u32(sampleRate * 65536),
    ...children,
  );
}

/** An MP4 file with one track, its media in front, so that offsets are known: `ftyp mdat moov`. */
export function mp4(parts: Mp4Parts = {}): Buffer {
  const { samples = [100, 60, 70, 80], timeScale = 1000, delta = 40, handler = 'vide', brand = 'isom' } = parts;
  const ftyp = box('ftyp', brand, u32(0), 'isom');
  const mdat = box(
    'mdat',
    Buffer.alloc(
      samples.reduce((a, b) => a + b, 0),
      7,
    ),
  );
  const offset = ftyp.length + 8;
  const made: Record<string, Buffer> = {
    stsd: Buffer.concat([u32(0, 1), parts.entry ?? videoEntry()]),
    stts: u32(0, 1, samples.length, delta),
    stsc: u32(0, 1, 1, samples.length, 1),
    stsz: Buffer.concat([u32(0, 0, samples.length), u32List(samples)]),
    stco: u32(0, 1, offset),
    ...(handler === 'vide' ? { stss: u32(0, 1, 1) } : {}),
    ...parts.tables,
  };
  const stbl = box('stbl', ...Object.entries(made).map(([type, payload]) => box(type, payload)));
  const duration = samples.length * delta;
  const mdhd = box('mdhd', u32(0, 0, 0, timeScale, duration), u16(0x55c4, 0));
  const hdlr = box('hdlr', u32(0, 0), handler, u32(0, 0, 0), [0]);
  const mdia = box('mdia', mdhd, hdlr, box('minf', stbl));
  const tkhd = box(
    'tkhd',
    u32(3, 0, 0, 1, 0, duration, 0, 0, 0, 0),
    u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000),
    u32(0, 0),
  );
  const edts = parts.edits ? [box('edts', box('elst', parts.edits))] : [];
  const mvhd = box('mvhd', u32(0, 0, 0, timeScale, duration), Buffer.alloc(76), u32(2));
  const moov = box('moov', mvhd, box('trak', tkhd, ...edts, mdia), ...(parts.extra ? [parts.extra] : []));
  return Buffer.concat([ftyp, mdat, moov]);
}

/** iTunes tags as a `udta` box. */
export function itunesTags(tags: Readonly<Record<string, string>>): Buffer {
  const items = Object.entries(tags).map(([name, text]) =>
    box(name, box('data', u32(1, 0), Buffer.from(text, 'utf8'))),
  );
  return box('udta', box('meta', u32(0), box('hdlr', u32(0, 0), 'mdirappl', u32(0, 0), [0]), box('ilst', ...items)));
}

/** One fragment: `moof` and `mdat` of samples of these sizes, shown `compositions` after they are decoded. */
export function fragment(
  sequence: number,
  baseTime: number,
  samples: readonly number[],
  delta: number,
  compositions?: readonly number[],
): Buffer {
  const entries = samples.flatMap((size, i) => (compositions ? [size, compositions[i]! >>> 0] : [size]));
  const flags = compositions ? 0x1000a01 : 0x201;
  const trun = (dataOffset: number): Buffer => box('trun', u32(flags, samples.length, dataOffset, ...entries));
  const moof = (dataOffset: number): Buffer => {
    const tfhd = box('tfhd', u32(0x20008, 1, delta));
    const tfdt = box('tfdt', u32(0, baseTime));
    return box('moof', box('mfhd', u32(0, sequence)), box('traf', tfhd, tfdt, trun(dataOffset)));
  };
  const mdat = box(
    'mdat',
    Buffer.alloc(
      samples.reduce((a, b) => a + b, 0),
      sequence,
    ),
  );
  return Buffer.concat([moof(moof(0).length + 8), mdat]);
}

/** A fragmented MP4 file: an empty movie and fragments behind it. */
export function fragmentedMp4(fragments: readonly (readonly number[])[], delta = 40): Buffer {
  const tables = { stts: u32(0, 0), stsc: u32(0, 0), stsz: u32(0, 0, 0), stco: u32(0, 0) };
  const movie = mp4({ samples: [], tables, extra: box('mvex', box('trex', u32(0, 1, 1, 0, 0, 0x1010000))) });
  let time = 0;
  const parts = fragments.map((samples, i) => {
    const part = fragment(i + 1, time, samples, delta);
    time += samples.length * delta;
    return part;
  });
  return Buffer.concat([movie, ...parts]);
}

/** A RIFF chunk, padded to an even length. */
export function chunk(id: string, payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 0, 'latin1');
  head.writeUInt32LE(payload.length, 4);
  return Buffer.concat([head, payload, Buffer.alloc(payload.length % 2)]);
}

/** What {@link wav} makes. */
export interface WavParts {
  readonly tag?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly bits?: number;
  readonly sound?: Buffer;
  readonly chunks?: readonly Buffer[];
}

/** The payload of a `fmt ` chunk. */
export function waveFormat({ tag = 1, channels = 1, sampleRate = 8000, bits = 16 }: WavParts): Buffer {
  const format = Buffer.alloc(16);
  const blockBytes = (channels * bits) / 8;
  format.writeUInt16LE(tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * blockBytes, 8);
  format.writeUInt16LE(blockBytes, 12);
  format.writeUInt16LE(bits, 14);
  return format;
}

/** A RIFF/WAVE file. */
export function wav(parts: WavParts = {}): Buffer {
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    chunk('fmt ', waveFormat(parts)),
    ...(parts.chunks ?? []),
    chunk('data', parts.sound ?? sine16(800)),
  ]);
  return chunk('RIFF', body);
}

/** An INFO list: tags of a RIFF file. */
export function infoList(tags: Readonly<Record<string, string>>): Buffer {
  const items = Object.entries(tags).map(([id, text]) => chunk(id, Buffer.from(`${text}\0`, 'latin1')));
  return chunk('LIST', Buffer.concat([Buffer.from('INFO'), ...items]));
}

/** A tone of 440 Hz at 8 kHz, 16 bits. */
export function sine16(count: number, isBigEndian = false): Buffer {
  const bytes = Buffer.alloc(count * 2);
  for (let i = 0; i < count; i++) {
    const value = Math.round(12_000 * Math.sin((2 * Math.PI * 440 * i) / 8000));
    if (isBigEndian) bytes.writeInt16BE(value, i * 2);
    else bytes.writeInt16LE(value, i * 2);
  }
  return bytes;
}

/** A Sony Wave64 file. */
export function wave64(parts: WavParts = {}): Buffer {
  const guid = (text: string): Buffer =>
    Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from('f3acd3118cd100c04f8edb8a', 'hex')]);
  const part = (id: string, payload: Buffer): Buffer => {
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(24 + payload.length));
    return Buffer.concat([guid(id), size, payload, Buffer.alloc((8 - (payload.length % 8)) % 8)]);
  };
  const body = Buffer.concat([guid('wave'), part('fmt ', waveFormat(parts)), part('data', parts.sound ?? sine16(800))]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(24 + body.length));
  return Buffer.concat([Buffer.from('riff'), Buffer.from('2e91cf11a5d628db04c10000', 'hex'), size, body]);
}

/** An RF64 file: its sizes are in `ds64`. */
export function rf64(parts: WavParts = {}): Buffer {
  const sound = parts.sound ?? sine16(800);
  const ds64 = Buffer.alloc(28);
  ds64.writeBigUInt64LE(BigInt(sound.length), 8);
  const data = chunk('data', sound);
  data.writeUInt32LE(0xffffffff, 4);
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    chunk('ds64', ds64),
    chunk('fmt ', waveFormat(parts)),
    ...(parts.chunks ?? []),
    data,
  ]);
  const file = chunk('RF64', body);
  file.writeUInt32LE(0xffffffff, 4);
  return file;
}

/** An AIFF file, or AIFF-C with a compression type. */
export function aiff(
  parts: { readonly sound?: Buffer; readonly channels?: number; readonly bits?: number; readonly type?: string } = {},
): Buffer {
  const { sound = sine16(800, true), channels = 1, bits = 16, type } = parts;
  const part = (id: string, payload: Buffer): Buffer =>
    Buffer.concat([Buffer.from(id, 'latin1'), u32(payload.length), payload, Buffer.alloc(payload.length % 2)]);
  const frames = Math.floor(sound.length / ((channels * bits) / 8));
  const rate = Buffer.from('400bfa00000000000000', 'hex'); // 8000 as an 80-bit number
  const common = Buffer.concat([
    u16(channels),
    u32(frames),
    u16(bits),
    rate,
    ...(type ? [Buffer.from(`${type}\0\0`, 'latin1')] : []),
  ]);
  const body = Buffer.concat([
    Buffer.from(type ? 'AIFC' : 'AIFF'),
    part('COMM', common),
    part('SSND', Buffer.concat([u32(0, 0), sound])),
  ]);
  return part('FORM', body);
}

/** An EBML element with a size of 8 bytes. */
export function element(id: number, payload: Buffer | number): Buffer {
  const data = typeof payload === 'number' ? unsignedBytes(payload) : payload;
  const idBytes = Buffer.from(id.toString(16).padStart(2 * Math.ceil(id.toString(16).length / 2), '0'), 'hex');
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(0x0100000000000000n + BigInt(data.length));
  return Buffer.concat([idBytes, size, data]);
}

function unsignedBytes(value: number): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(2 * Math.ceil(hex.length / 2), '0'), 'hex');
}

/** A SimpleBlock of track 1. */
export function simpleBlock(time: number, data: Buffer, isKeyframe = true, lacing = 0): Buffer {
  const head = Buffer.from([0x81, 0, 0, (isKeyframe ? 0x80 : 0) | (lacing << 1)]);
  head.writeInt16BE(time, 1);
  return element(0xa3, Buffer.concat([head, data]));
}

/** A WebM file with one VP9 track and a cluster of blocks. */
export function webm(blocks: readonly Buffer[], more: readonly Buffer[] = []): Buffer {
  const header = element(0x1a45dfa3, element(0x4282, Buffer.from('webm')));
  const duration = Buffer.alloc(8);
  duration.writeDoubleBE(120);
  const info = element(0x1549a966, Buffer.concat([element(0x2ad7b1, 1_000_000), element(0x4489, duration)]));
  const video = element(0xe0, Buffer.concat([element(0xb0, 64), element(0xba, 48)]));
  const entry = Buffer.concat([element(0xd7, 1), element(0x83, 1), element(0x86, Buffer.from('V_VP9')), video]);
  const tracks = element(0x1654ae6b, element(0xae, entry));
  const cluster = element(0x1f43b675, Buffer.concat([element(0xe7, 0), ...blocks]));
  return Buffer.concat([header, element(0x18538067, Buffer.concat([info, tracks, ...more, cluster]))]);
}

/** Three frames of MPEG-1 layer 3, 128 kbit/s at 44.1 kHz, silent; with an ID3v2.3 title in front. */
export function mp3(frames = 3, title?: string): Buffer {
  const frame = Buffer.alloc(417);
  frame.writeUInt32BE(0xfffb9000);
  const parts = Array.from({ length: frames }, () => frame);
  return Buffer.concat([...(title === undefined ? [] : [id3({ TIT2: title })]), ...parts]);
}

/** An ID3v2.3 tag of text frames. */
export function id3(texts: Readonly<Record<string, string>>): Buffer {
  const frames = Object.entries(texts).map(([id, text]) => {
    const body = Buffer.concat([Buffer.from([0]), Buffer.from(text, 'latin1')]);
    return Buffer.concat([Buffer.from(id, 'latin1'), u32(body.length), u16(0), body]);
  });
  const body = Buffer.concat(frames);
  const size = Buffer.from([
    (body.length >> 21) & 127,
    (body.length >> 14) & 127,
    (body.length >> 7) & 127,
    body.length & 127,
  ]);
  return Buffer.concat([Buffer.from('ID3\x03\0\0', 'latin1'), size, body]);
}

/** A FLAC file: STREAMINFO, a Vorbis comment, and one frame of 4,096 silent samples on two channels. */
export function flac(comments: readonly string[] = []): Buffer {
  const info = Buffer.alloc(34);
  info.writeUInt16BE(4096, 0);
  info.writeUInt16BE(4096, 2);
  info.writeBigUInt64BE((44_100n << 44n) | (1n << 41n) | (15n << 36n) | 4096n, 10);
  const text = (value: string): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(Buffer.byteLength(value));
    return Buffer.concat([size, Buffer.from(value)]);
  };
  const count = Buffer.alloc(4);
  count.writeUInt32LE(comments.length);
  const comment = Buffer.concat([text('test'), count, ...comments.map(text)]);
  const block = (type: number, body: Buffer): Buffer => Buffer.concat([u32((type << 24) | body.length), body]);
  return Buffer.concat([Buffer.from('fLaC'), block(0, info), block(0x84, comment), silentFrame()]);
}

/** RFC 9639 9: 4,096 samples at 44.1 kHz, 16 bits, two constant subframes of zero, with both checksums. */
function silentFrame(): Buffer {
  const head = Buffer.from([0xff, 0xf8, 0xc9, 0x18, 0x00]);
  const body = Buffer.concat([head, Buffer.from([crc(head, 8, 0x07)]), Buffer.alloc(6)]);
  return Buffer.concat([body, u16(crc(body, 16, 0x8005))]);
}

function crc(bytes: Buffer, width: number, polynomial: number): number {
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit++)
      value = (value & (1 << (width - 1)) ? (value << 1) ^ polynomial : value << 1) & (2 ** width - 1);
  }
  return value;
}

/** An Ogg page of one packet. */
export function oggPage(
  flags: number,
  granule: number | bigint,
  sequence: number,
  packet: Buffer,
  serial = 77,
): Buffer {
  const head = Buffer.alloc(27);
  head.write('OggS', 0, 'latin1');
  head[5] = flags;
  head.writeBigInt64LE(BigInt(granule), 6);
  head.writeUInt32LE(serial, 14);
  head.writeUInt32LE(sequence, 18);
  const lacing = [...new Array<number>(Math.floor(packet.length / 255)).fill(255), packet.length % 255];
  head[26] = lacing.length;
  return Buffer.concat([head, Buffer.from(lacing), packet]);
}

/** An Opus file of two seconds, its sound in a last page of some bytes. */
export function opus(soundBytes = 50): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head[8] = 1;
  head[9] = 2;
  head.writeUInt16LE(312, 10);
  head.writeUInt32LE(44_100, 12);
  const tags = Buffer.concat([
    Buffer.from('OpusTags'),
    Buffer.from([4, 0, 0, 0]),
    Buffer.from('test'),
    Buffer.from([1, 0, 0, 0, 9, 0, 0, 0]),
    Buffer.from('TITLE=Hey'),
  ]);
  return Buffer.concat([
    oggPage(2, 0, 0, head),
    oggPage(0, 0, 1, tags),
    oggPage(4, 96_312, 2, Buffer.alloc(soundBytes, 3)),
  ]);
}
