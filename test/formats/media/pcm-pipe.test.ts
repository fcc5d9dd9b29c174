import { Readable } from 'node:stream';
import test from 'ava';
import fc from 'fast-check';
import { openInput } from '../../../src/bytes/open-input.ts';
import type { AudioOptions } from '../../../src/formats/media/options.ts';
import type { ExtractionRecord } from '../../../src/records.ts';
import { runs } from '../../support/runs.ts';
import { end, field, issues, objects, readAudio, samples } from './collect.ts';
import { aiff, chunk, id3, infoList, rf64, sine16, wav, wave64 } from './files.ts';

const HELD_BYTES = 200;
const tags = infoList({ INAM: 'Title', IART: 'Artist' });

/** Reads bytes from a pipe of which next to nothing may be held. */
async function readPiped(bytes: Buffer, options: AudioOptions, pieceBytes = 333): Promise<ExtractionRecord[]> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  const input = await openInput(Readable.from(pieces, { objectMode: false }));
  try {
    return await readAudio(input, { maxPipeBytes: HELD_BYTES, ...options });
  } finally {
    await input.close();
  }
}

/** What is said about the sound and its tags, in the order of their paths: tags behind the sound come behind it. */
function content(records: readonly ExtractionRecord[]): unknown[] {
  const found = records.filter(({ kind }) => kind === 'field' || kind === 'object' || kind === 'sample');
  const bare = found.map(({ file: _, seq: __, ...rest }) => JSON.stringify(rest));
  return bare.sort();
}

const files: Readonly<Record<string, Buffer>> = {
  wav: wav({ sound: sine16(2000) }),
  'wav, tags in front': wav({ sound: sine16(2000), chunks: [tags] }),
  'wav, tags behind': chunk('RIFF', Buffer.concat([wav({ sound: sine16(2000) }).subarray(8), tags])),
  'wav, odd and stereo': wav({ channels: 2, bits: 24, sound: Buffer.alloc(6 * 501 + 3, 7) }),
  rf64: rf64({ sound: sine16(2000) }),
  w64: wave64({ sound: sine16(2000) }),
  aiff: aiff({ sound: sine16(2000, true) }),
  'aiff, tags behind': aiffWithTag(),
};

function aiffWithTag(): Buffer {
  const body = id3({ TIT2: 'Title' });
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length);
  const part = Buffer.concat([Buffer.from('ID3 '), size, body, Buffer.alloc(body.length % 2)]);
  const file = Buffer.concat([aiff({ sound: sine16(2000, true) }), part]);
  file.writeUInt32BE(file.length - 8, 4);
  return file;
}

for (const [name, bytes] of Object.entries(files)) {
  test(`the sound of ${name} comes through a pipe as from a file`, async (t) => {
    const want = await readAudio(bytes, { frames: { size: 100 } });
    t.is(end(want).status, 'ok');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 5000 }),
        async (piece, chunkBytes) => {
          const found = await readPiped(bytes, { frames: { size: 100 }, chunkBytes }, piece);
          t.deepEqual(content(found), content(want));
          t.is(end(found).status, 'ok');
          t.like(found[0], { kind: 'file', size: -1 });
        },
      ),
      { numRuns: runs(50) },
    );
  });

  test(`${name} that is cut in the pipe is never silently ok`, async (t) => {
    for (const options of [{}, { frames: { size: 100 } }]) {
      for (let length = 250; length < bytes.length; length += 61) {
        const found = await readPiped(bytes.subarray(0, length), options);
        const isTagless = /wav, tags behind/.test(name) && length >= wav({ sound: sine16(2000) }).length;
        if (!isTagless) t.is(end(found).status, 'partial', `${length}`);
      }
    }
  });
}

test('sound without a declared end goes on to the end of the pipe', async (t) => {
  const live = wav({ sound: sine16(2000) });
  live.writeUInt32LE(0xffffffff, 4);
  live.writeUInt32LE(0xffffffff, live.indexOf('data') + 4);
  const found = await readPiped(live, { frames: { size: 100 } });
  t.is(end(found).status, 'ok');
  t.is(samples(found).length, 20);
  t.is(field(found, 'format/duration'), undefined);
  t.like(objects(found)[0], { codec: 'pcm_s16le' });
});

test('the tags of a long pipe come behind its sound, and none comes twice', async (t) => {
  const both = chunk(
    'RIFF',
    Buffer.concat([
      wav({ sound: sine16(2000), chunks: [tags] }).subarray(8),
      infoList({ INAM: 'Other', ICMT: 'More' }),
    ]),
  );
  const found = await readPiped(both, { frames: { size: 100 } });
  t.is(field(found, 'tags/title'), 'Title');
  const paths = found.flatMap((record) => (record.kind === 'field' ? [record.path] : []));
  t.is(new Set(paths).size, paths.length);
  t.true(paths.some((path) => path.endsWith(':ICMT')));
});

test('an AIFF file that describes its sound behind it is refused', async (t) => {
  const file = aiff({ sound: sine16(2000, true) });
  const common = file.subarray(12, 12 + 26);
  const moved = Buffer.concat([file.subarray(0, 12), file.subarray(38), common]);
  const found = await readPiped(moved, {});
  t.is(end(found).status, 'failed');
  t.is(issues(found)[0]?.code, 'ERR_NOT_SEEKABLE');
});
