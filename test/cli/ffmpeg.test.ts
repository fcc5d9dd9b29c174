import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { tempFolder } from '../support/temp.ts';
import { records, run } from './run.ts';

/** A second of silence as Sun audio: magic, offset of the sound, its bytes, 16-bit linear, rate, channels. */
function sunAudio(): Buffer {
  const head = Buffer.alloc(24);
  head.write('.snd', 0, 'latin1');
  for (const [index, value] of [24, 16_000, 3, 8000, 1].entries()) head.writeUInt32BE(value, 4 + 4 * index);
  return Buffer.concat([head, Buffer.alloc(16_000)]);
}

for (const jobs of ['0', '1']) {
  test(`--jobs ${jobs}: what only ffmpeg reads fails with the option that is missing, and is read with it`, async (t) => {
    const folder = tempFolder(t);
    writeFileSync(join(folder, 'a.au'), sunAudio());
    const without = await run(['extract', '--jobs', jobs, 'a.au'], { cwd: folder });
    t.is(without.code, 3);
    t.regex(without.stderr, /ERR_UNSUPPORTED: Cannot read au without ffmpeg: pass the option ffmpeg \(--ffmpeg\)/);
    const read = await run(['extract', '--jobs', jobs, '--ffmpeg', 'a.au'], { cwd: folder });
    if (spawnSync('ffprobe', ['-version']).status !== 0) {
      t.log('ffprobe is not installed: only its absence was tested');
      t.regex(read.stderr, /ERR_MISSING_PEER/);
      return;
    }
    t.is(read.code, 0, read.stderr);
    const stream = records(read.stdout).find((record) => record.kind === 'object');
    t.like(stream, { dtype: 'audio', codec: 'pcm_s16be', attributes: { sampleRate: 8000, channels: 1 } });
  });
}
