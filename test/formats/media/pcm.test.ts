import test from 'ava';
import fc from 'fast-check';
import { MonoBlock } from '../../../src/formats/media/pcm/sound-block.ts';
import { SoundWindows } from '../../../src/formats/media/pcm/sound-windows.ts';
import { end, field, issues, objects, readAudio, samples } from './collect.ts';
import { aiff, chunk, infoList, rf64, sine16, wav, wave64 } from './files.ts';

interface Stats {
  readonly rms: number;
  readonly peak: number;
  readonly zeroCrossingRate: number;
}

/** The definition, as plainly as it can be written. */
function expected(mono: readonly number[]): Stats {
  const rms = Math.sqrt(mono.reduce((sum, x) => sum + x * x, 0) / mono.length);
  const peak = mono.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const crossings = mono.filter((x, i) => i > 0 && x < 0 !== mono[i - 1]! < 0).length;
  return { rms, peak, zeroCrossingRate: crossings / mono.length };
}

const tone = Array.from(
  { length: 800 },
  (_, i) => Math.round(12_000 * Math.sin((2 * Math.PI * 440 * i) / 8000)) / 32_768,
);

/** The same tone in every way of storage: bytes per value, and how to write one. */
const kinds: Readonly<Record<string, { readonly file: Buffer; readonly tolerance: number }>> = {
  's16le wav': { file: wav(), tolerance: 1e-12 },
  's16le rf64': { file: rf64(), tolerance: 1e-12 },
  's16le w64': { file: wave64(), tolerance: 1e-12 },
  's16be aiff': { file: aiff(), tolerance: 1e-12 },
  's16le aifc': { file: aiff({ type: 'sowt', sound: sine16(800) }), tolerance: 1e-12 },
  's24le wav': {
    file: wav({ bits: 24, sound: packed(3, (b, v, at) => b.writeIntLE(v * 2 ** 8, at, 3)) }),
    tolerance: 1e-12,
  },
  's24be aiff': {
    file: aiff({ bits: 24, sound: packed(3, (b, v, at) => b.writeIntBE(v * 2 ** 8, at, 3)) }),
    tolerance: 1e-12,
  },
  's32le wav': {
    file: wav({ bits: 32, sound: packed(4, (b, v, at) => b.writeInt32LE(v * 2 ** 16, at)) }),
    tolerance: 1e-12,
  },
  's32be aiff': {
    file: aiff({ bits: 32, sound: packed(4, (b, v, at) => b.writeInt32BE(v * 2 ** 16, at)) }),
    tolerance: 1e-12,
  },
  'f32le wav': {
    file: wav({ tag: 3, bits: 32, sound: packed(4, (b, v, at) => b.writeFloatLE(v / 32_768, at)) }),
    tolerance: 1e-12,
  },
  'f64le wav': {
    file: wav({ tag: 3, bits: 64, sound: packed(8, (b, v, at) => b.writeDoubleLE(v / 32_768, at)) }),
    tolerance: 1e-12,
  },
  'f32be aifc': {
    file: aiff({ type: 'fl32', bits: 32, sound: packed(4, (b, v, at) => b.writeFloatBE(v / 32_768, at)) }),
    tolerance: 1e-12,
  },
  'u8 wav': {
    file: wav({ bits: 8, sound: packed(1, (b, v, at) => b.writeUInt8(Math.round(v / 256) + 128, at)) }),
    tolerance: 1 / 128,
  },
  's8 aiff': {
    file: aiff({ bits: 8, sound: packed(1, (b, v, at) => b.writeInt8(Math.round(v / 256), at)) }),
    tolerance: 1 / 128,
  },
};

function packed(valueBytes: number, write: (bytes: Buffer, value: number, at: number) => void): Buffer {
  const bytes = Buffer.alloc(tone.length * valueBytes);
  tone.forEach((value, i) => {
    write(bytes, Math.round(value * 32_768), i * valueBytes);
  });
  return bytes;
}

for (const [name, { file, tolerance }] of Object.entries(kinds)) {
  test(`${name}: frames are those of the tone`, async (t) => {
    const records = await readAudio(file, { frames: { size: 256 } });
    t.is(end(records).status, 'ok', issues(records)[0]?.message);
    t.is(field(records, 'format/duration'), 0.1);
    const found = samples(records);
    t.deepEqual(
      found.map(({ index, time }) => [index, time]),
      [
        [0, 0],
        [1, 0.032],
        [2, 0.064],
        [3, 0.096],
      ],
    );
    for (const { index, value } of found) {
      const want = expected(tone.slice(index * 256, (index + 1) * 256));
      const got = value as unknown as Stats;
      t.true(Math.abs(got.rms - want.rms) <= tolerance, `rms ${got.rms} ${want.rms}`);
      t.true(Math.abs(got.peak - want.peak) <= tolerance);
      t.true(Math.abs(got.zeroCrossingRate - want.zeroCrossingRate) <= tolerance);
    }
  });
}

test('G.711 expands to the values of its tables', async (t) => {
  // 0x80 is the largest magnitude of mu-law (+32124), 0xff its zero; 0x2a of A-law is -32256
  for (const [tag, byte, peak] of [
    [7, 0x80, 32_124],
    [7, 0xff, 0],
    [6, 0x2a, 32_256],
    [6, 0xd5, 8],
  ] as const) {
    const [frame] = samples(
      await readAudio(wav({ tag, bits: 8, sound: Buffer.alloc(4, byte) }), { frames: { size: 4 } }),
    );
    t.is((frame!.value as unknown as Stats).peak, peak / 32_768, `${tag} ${byte}`);
  }
});

test('mono is the mean of the channels', async (t) => {
  const sound = Buffer.alloc(8);
  [16_384, 0, -16_384, -8192].forEach((value, i) => {
    sound.writeInt16LE(value, i * 2);
  });
  const [frame] = samples(await readAudio(wav({ channels: 2, sound }), { frames: { size: 10 } }));
  t.deepEqual(frame?.value, { rms: Math.sqrt((0.25 ** 2 + 0.375 ** 2) / 2), peak: 0.375, zeroCrossingRate: 0.5 });
});

test('a place in the file belongs to every frame', async (t) => {
  const file = wav();
  const [first, second] = samples(await readAudio(file, { frames: { size: 300, hop: 100 } }));
  t.is(first?.offset, file.length - 1600);
  t.deepEqual([second?.offset, second?.length, second?.time], [first!.offset! + 200, 600, 0.0125]);
});

test('windows of any size and hop agree with their definition, however the sound is cut into blocks', (t) => {
  fc.assert(
    fc.property(
      fc.array(
        fc.float({ min: -1, max: 1, noNaN: true }).map((x) => (Math.abs(x) < 1e-9 ? 0 : x)),
        { minLength: 1, maxLength: 200 },
      ),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 70 }),
      (mono, size, hop, blockCount) => {
        const windows = new SoundWindows({ size, hop });
        const found = [];
        for (let at = 0; at < mono.length; at += blockCount) {
          const block = new MonoBlock(0);
          block.mono = Float64Array.from(mono.slice(at, at + blockCount));
          block.count = block.mono.length;
          found.push(...windows.push(block));
        }
        found.push(...windows.end());
        const starts = Array.from({ length: Math.ceil(mono.length / hop) }, (_, i) => i * hop);
        t.deepEqual(
          found.map(({ start }) => start),
          starts,
        );
        for (const { start, count, rms, peak, zeroCrossingRate } of found) {
          const want = expected(mono.slice(start, start + size));
          t.is(count, Math.min(size, mono.length - start));
          t.true(
            Math.abs(rms - want.rms) < 1e-9 &&
              peak === want.peak &&
              Math.abs(zeroCrossingRate - want.zeroCrossingRate) < 1e-12,
          );
        }
      },
    ),
  );
});

test('NaN in a float file is told as text', async (t) => {
  const sound = Buffer.alloc(8);
  sound.writeFloatLE(Number.NaN, 0);
  const [frame] = samples(await readAudio(wav({ tag: 3, bits: 32, sound }), { frames: { size: 2 } }));
  t.is((frame!.value as unknown as Record<string, unknown>).rms, 'NaN');
});

test('a live writer leaves the size open: the sound goes on to the end', async (t) => {
  for (const size of [0, 0xffffffff, 0xffffffdb]) {
    const file = wav();
    file.writeUInt32LE(size, file.indexOf('data') + 4);
    file.writeUInt32LE(0xffffffff, 4);
    const records = await readAudio(file);
    t.is(field(records, 'format/duration'), 0.1);
    t.is(end(records).status, 'ok');
  }
});

test('an extensible format shows its real tag', async (t) => {
  const file = wav();
  const extensible = Buffer.alloc(40);
  file.copy(extensible, 0, 20, 36);
  extensible.writeUInt16LE(0xfffe, 0);
  extensible.writeUInt16LE(22, 16);
  extensible.writeUInt16LE(1, 24);
  const body = Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', extensible), chunk('data', sine16(800))]);
  t.is(objects(await readAudio(chunk('RIFF', body)))[0]?.codec, 'pcm_s16le');
});

test('the tags of RIFF and RF64 are read alike', async (t) => {
  for (const make of [wav, rf64]) {
    const records = await readAudio(make({ chunks: [infoList({ INAM: 'A title', IART: 'Somebody' })] }));
    t.is(field(records, 'tags/title'), 'A title');
    t.is(field(records, 'tags/artist'), 'Somebody');
    t.is(end(records).status, 'ok');
  }
});

test('sound that only ffmpeg can decode says so', async (t) => {
  const records = await readAudio(wav({ tag: 0x55, bits: 0, sound: Buffer.alloc(100) }), { frames: { size: 10 } });
  t.is(end(records).status, 'partial');
  t.like(issues(records)[0], { code: 'ERR_UNSUPPORTED' });
  t.regex(issues(records)[0]!.message, /mp3.*ffmpeg/);
});

test('a wrong window is refused by name', (t) => {
  t.throws(() => new SoundWindows({ size: 0 }), { code: 'ERR_OPTION', message: /frames\.size/ });
  t.throws(() => new SoundWindows({ size: 1e6, hop: 1 }), { code: 'ERR_OPTION', message: /frames\.hop/ });
});
