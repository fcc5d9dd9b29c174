import test from 'ava';
import type { ExtractionRecord } from '../../../src/records.ts';
import { runs } from '../../support/runs.ts';
import { end, issues, readAudio, readVideo } from './collect.ts';
import { box, flac, fragmentedMp4, mp3, mp4, simpleBlock, soundEntry, u32, wav, webm } from './files.ts';
import { FRAGMENTS, smallFiles } from './small-files.ts';

const CODE = /^(ERR_[A-Z_]+|TAG_WARNING)$/;

/** What is asked of a container beyond its header, without ffmpeg. */
const PACKETS = new Set(['mp4', 'fragmented mp4', 'webm']);
const FRAMES = new Set(['wav', 'rf64', 'w64', 'aiff']);

/** What must hold for any bytes: records in order, TidegateErrors only. A hang runs into the test's timeout. */
async function read(bytes: Buffer, container = 'mp4'): Promise<ExtractionRecord[]> {
  const reading = PACKETS.has(container)
    ? readVideo(bytes, { packets: true })
    : readAudio(bytes, FRAMES.has(container) ? { frames: { size: 16 } } : {});
  const records = await reading.catch((error: unknown) => fail(container, error));
  records.forEach((record, i) => {
    if (record.seq !== i) throw new Error(`seq ${record.seq} at ${i}`);
    if (record.kind === 'issue' && (!CODE.test(record.code) || record.code === 'ERR_INTERNAL'))
      throw new Error(`${record.code}: ${record.message}`);
  });
  if (records[0]?.kind !== 'file' || records.at(-1)?.kind !== 'end') throw new Error('not framed by file and end');
  return records;
}

function fail(container: string, error: unknown): never {
  throw new Error(`the reader of ${container} threw`, { cause: error });
}

/** Reproducible numbers: mulberry32. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function mutate(bytes: Buffer, next: () => number): Buffer {
  const copy = Buffer.from(bytes);
  const at = (): number => Math.floor(next() * copy.length);
  for (let changes = 1 + Math.floor(next() * 4); changes > 0; changes--) {
    const kind = next();
    if (kind < 0.4) copy[at()] = Math.floor(next() * 256);
    else if (kind < 0.7) copy.fill(next() < 0.5 ? 0xff : 0, at(), at());
    else if (kind < 0.9 && copy.length > 8)
      copy.writeUInt32BE(
        [0, 1, 0x7fffffff, 0x80000000, 0xffffffff][Math.floor(next() * 5)]!,
        Math.min(at(), copy.length - 4),
      );
    else return Buffer.concat([copy.subarray(0, at()), copy.subarray(at())]);
  }
  return copy;
}

for (const [name, files] of Object.entries(smallFiles)) {
  test.serial(`mutations of ${name} end in records and TidegateErrors`, async (t) => {
    t.timeout(600_000);
    for (let seed = 0; seed < runs(10_000); seed++) {
      const changed = mutate(files[seed % files.length]!, random(seed));
      await read(changed, name).catch((cause: unknown) =>
        t.fail(`seed ${seed}: ${(cause as Error).message} ${String((cause as Error).cause ?? '')}`),
      );
    }
    t.pass();
  });

  test.serial(`${name} cut at every byte is never silently ok`, async (t) => {
    for (const [i, bytes] of files.entries()) {
      t.is(end(await read(bytes, name)).status, 'ok', `file ${i}`);
      for (let length = 0; length < bytes.length; length++) {
        const records = await read(bytes.subarray(0, length), name);
        const isSilent = end(records).status === 'ok' && issues(records).every(({ severity }) => severity === 'info');
        if (isSilent && !isWhole(name, bytes, length)) t.fail(`silent ok at ${length} of ${bytes.length} of file ${i}`);
      }
    }
  });
}

/** Cuts that leave a file which is whole by its standard: nothing in it tells that there was more. */
function isWhole(name: string, bytes: Buffer, length: number): boolean {
  if (name === 'mp3') return (bytes.length - length) % 417 === 0; // between two frames
  if (name !== 'fragmented mp4') return length === bytes.indexOf('APETAGEX'); // a file without a tag
  const fragments = FRAGMENTS.find((some) => fragmentedMp4(some).length === bytes.length)!;
  return fragments.some((_, count) => fragmentedMp4(fragments.slice(0, count)).length === length);
}

for (const table of ['stts', 'ctts', 'stsc', 'stsz', 'stco', 'stss']) {
  test.serial(`a count of 2^32-1 in ${table} costs nothing`, async (t) => {
    const payload = table === 'stsz' ? u32(0, 0, 0xffffffff, 5) : u32(0, 0xffffffff, 1, 1, 1);
    const records = await read(mp4({ samples: [5], tables: { [table]: payload } }));
    t.is(end(records).status, 'partial');
    t.true(issues(records).some(({ code }) => code === 'ERR_MALFORMED'));
  });
}

test('2^32-1 samples of a fixed size are no more than the file has bytes for', async (t) => {
  const records = await read(mp4({ samples: [5], tables: { stsz: u32(0, 1, 0xffffffff) } }));
  t.is(end(records).status, 'partial');
});

test('runs of no samples do not hold up the walk', async (t) => {
  const zeros = Array.from({ length: 3000 }, () => [0, 0]).flat();
  const records = await read(mp4({ samples: [5, 5], tables: { stts: u32(0, 3001, ...zeros, 2, 40) } }));
  t.is(end(records).status, 'ok');
});

test('a box of size zero ends where its parent ends', async (t) => {
  const endless = Buffer.concat([mp4(), u32(0), Buffer.from('free'), Buffer.alloc(100)]);
  t.is(end(await read(endless)).status, 'ok');
});

test('a box smaller than its header is an error with its offset', async (t) => {
  const file = Buffer.concat([mp4(), u32(4), Buffer.from('free')]);
  const records = await read(file);
  t.is(end(records).status, 'partial');
  t.is(issues(records).find(({ severity }) => severity === 'error')?.offset, file.length - 8);
});

test('boxes nested 10,000 deep are read in a loop', async (t) => {
  let nest: Buffer = Buffer.alloc(0);
  for (let i = 0; i < 10_000; i++) nest = box('mdia', nest);
  const records = await read(Buffer.concat([box('ftyp', 'isom', u32(0)), box('moov', box('trak', nest)), box('mdat')]));
  t.is(end(records).status, 'ok');
});

test('an ID3 tag that declares 256 MB is no allocation', async (t) => {
  const before = process.memoryUsage().arrayBuffers;
  const records = await read(Buffer.concat([Buffer.from('ID3\x04\0\0\x7f\x7f\x7f\x7f', 'latin1'), mp3()]), 'mp3');
  t.true(process.memoryUsage().arrayBuffers - before < 32 * 1024 * 1024);
  t.is(end(records).status, 'failed');
  t.is(issues(records)[0]?.code, 'ERR_TRUNCATED_INPUT');
});

test('an EBML element of unknown size in the header is refused', async (t) => {
  const file = webm([simpleBlock(0, Buffer.alloc(4))]);
  const at = file.indexOf(Buffer.from('1549a966', 'hex'));
  file.fill(0xff, at + 4, at + 12);
  file[at + 4] = 0x01;
  const records = await read(file);
  t.not(end(records).status, 'ok');
});

test('a playlist named .mp4 is never opened', async (t) => {
  const records = await readVideo(Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n'));
  t.is(end(records).status, 'failed');
});

test('tags named __proto__ and constructor are tags like any other', async (t) => {
  const records = await read(flac(['__proto__=polluted', 'constructor=too', 'TITLE=fine']), 'flac');
  t.is(end(records).status, 'ok');
  t.is(({} as Record<string, unknown>).polluted, undefined);
  const paths = records.flatMap((record) => (record.kind === 'field' ? [record.path] : []));
  t.true(
    paths.some((path) => /native\/vorbis:__proto__/i.test(path)),
    paths.join(),
  );
  t.is(new Set(paths).size, paths.length);
});

test('fixed-size runs without sizes are refused', async (t) => {
  const movie = fragmentedMp4([]);
  const traf = box('traf', box('tfhd', u32(0x20000, 1)), box('trun', u32(0, 0xffffffff)));
  const records = await read(Buffer.concat([movie, box('moof', traf), box('mdat')]));
  t.is(end(records).status, 'partial');
  t.true(issues(records).some(({ code }) => code === 'ERR_MALFORMED'));
});

test('sound with impossible blocks is malformed', async (t) => {
  const file = wav({ channels: 3, bits: 16, sound: Buffer.alloc(60) });
  file.writeUInt16LE(5, 12 + 8 + 12);
  const records = await readAudio(file, { frames: { size: 4 } });
  t.is(end(records).status, 'partial');
});

test('a track of sound with a sample entry cut short', async (t) => {
  const entry = soundEntry('mp4a', 2, 16, 44_100).subarray(0, 20);
  const cut = Buffer.from(entry);
  cut.writeUInt32BE(20);
  t.is(end(await read(mp4({ handler: 'soun', entry: cut }))).status, 'ok');
});
