import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import test from 'ava';
import { openFile } from '../../src/bytes/file-input.ts';
import type { ExtractionRecord, ObjectRecord } from '../../src/records.ts';
import { end, field, issues, readAudio, readVideo, samples } from '../formats/media/collect.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { DIFFERENCES } from './media-differences.ts';

interface Expected {
  readonly file: string;
  readonly error?: string;
  readonly facts?: readonly unknown[];
}
type Compare = (facts: readonly unknown[], records: readonly ExtractionRecord[], format: string) => readonly unknown[];

const root =
  process.env.TIDEGATE_CORPUS ?? resolve(dirname(fileURLToPath(import.meta.url)), '../../../../shared/corpus');
const list = join(root, 'expected-media.jsonl');
const corpus: Expected[] = existsSync(list)
  ? readFileSync(list, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Expected)
  : [];
const MAX_MS = 2000;

async function read(file: string): Promise<ExtractionRecord[]> {
  const input = openFile(join(root, file));
  try {
    return await readAudio(input);
  } finally {
    await input.close();
  }
}

test.serial('every file with facts agrees, or is on the list of known differences', async (t) => {
  t.timeout(300_000);
  if (corpus.length === 0) {
    t.log(`no corpus at ${root}: nothing was compared`);
    t.pass();
    return;
  }
  const { compareFile } = (await import(pathToFileURL(join(root, 'compare.mjs')).href)) as { compareFile: Compare };
  let agreed = 0;
  for (const { file, facts } of corpus) {
    if (!facts) continue;
    const differences = compareFile(facts, await read(file), 'media');
    const reason = DIFFERENCES[file.replace('files/media/', '')];
    if (differences.length === 0) agreed++;
    if (differences.length > 0 && !reason) t.fail(`${file}: ${JSON.stringify(differences).slice(0, 400)}`);
    if (differences.length === 0 && reason) t.fail(`${file} agrees: take it off the list`);
  }
  t.log(`${agreed} files agree, ${Object.keys(DIFFERENCES).length} differ for a reason`);
  t.true(agreed > 200);
});

test.serial('files on which the reference fails end in time, and never in an internal error', async (t) => {
  if (corpus.length === 0) {
    t.log(`no corpus at ${root}`);
    t.pass();
    return;
  }
  for (const { file, error } of corpus) {
    if (error === undefined) continue;
    const start = cpuMs();
    const records = await read(file);
    t.true(cpuMs() - start < MAX_MS, `${file} took too long`);
    t.is(records.at(-1)?.kind, 'end', file);
    t.false(
      issues(records).some(({ code }) => code === 'ERR_INTERNAL'),
      file,
    );
    t.true(
      end(records).status !== 'ok' || records.some(({ kind }) => kind === 'object'),
      `${file} is ok, but nothing was found`,
    );
  }
});

test.serial('packets of the MP4 and Matroska files are those of ffprobe', async (t) => {
  t.timeout(300_000);
  const ffprobe = process.env.FFPROBE_PATH ?? 'ffprobe';
  try {
    execFileSync(ffprobe, ['-version'], { stdio: 'ignore' });
  } catch {
    t.log('no ffprobe: nothing was compared');
    t.pass();
    return;
  }
  if (corpus.length === 0) {
    t.log(`no corpus at ${root}`);
    t.pass();
    return;
  }
  let compared = 0;
  for (const { file, facts } of corpus) {
    if (!facts || !/\.(mp4|m4a|m4b|mov|3gp|webm|mka)$/.test(file) || DIFFERENCES[file.replace('files/media/', '')])
      continue;
    const input = openFile(join(root, file));
    const records = await readVideo(input, { packets: true, tags: false });
    await input.close();
    if (end(records).status !== 'ok') continue; // cut: ffprobe shows the part of the last packet that is there
    const streams = records.filter((record) => record.kind === 'object' && record.class === 'stream').length;
    t.deepEqual(ours(records), theirs(ffprobe, join(root, file), streams), file);
    compared++;
  }
  t.log(`packets of ${compared} files agree`);
  t.true(compared > 30);
});

interface PacketValue {
  readonly keyframe: boolean;
  readonly dts: number | null;
  readonly pts: number | null;
  readonly blockOffset?: number;
  readonly discard?: true;
}

/** Decoding adds or takes the delay of the codec and the part of a last frame. */
const DELAY_SECONDS = 0.15;

test.serial('where the reference guesses a duration, decoding shows that ours is right', async (t) => {
  t.timeout(120_000);
  const ffmpeg = process.env.FFMPEG_PATH ?? 'ffmpeg';
  if (corpus.length === 0 || spawnSync(ffmpeg, ['-version']).status !== 0) {
    t.log(`no corpus at ${root}, or no ffmpeg: nothing was compared`);
    t.pass();
    return;
  }
  for (const { file } of corpus) {
    const reason = DIFFERENCES[file.replace('files/media/', '')];
    if (!reason?.includes('guesses the duration')) continue;
    const records = await read(file);
    const stream = records.find((record) => record.kind === 'object' && record.class === 'stream') as ObjectRecord;
    const rate = 48_000;
    const command = ['-v', 'quiet', '-i', `file:${join(root, file)}`, '-map', '0:a', '-ac', '1', '-ar', `${rate}`];
    const { stdout } = spawnSync(ffmpeg, [...command, '-f', 's16le', '-'], { maxBuffer: 1e8, timeout: 30_000 });
    const decodedSeconds = stdout.length / 2 / rate;
    const ourSeconds = Number(field(records, 'format/duration'));
    t.true(Math.abs(decodedSeconds - ourSeconds) < DELAY_SECONDS, `${file}: ${decodedSeconds}, ours ${ourSeconds}`);
    t.is(stream.dtype, 'audio', file);
  }
});

/** Stream, times, size, position, flags. */
function ours(records: readonly ExtractionRecord[]): string[] {
  return samples(records).map(({ path, offset, length, value }) => {
    const { keyframe, dts, pts, blockOffset, discard } = value as unknown as PacketValue;
    return [
      path.slice(7, -1),
      pts ?? 'N/A',
      dts ?? 'N/A',
      String(length),
      String(blockOffset ?? offset),
      `${keyframe ? 'K' : '_'}${discard ? 'D' : '_'}`,
    ].join();
  });
}

function theirs(ffprobe: string, file: string, streams: number): string[] {
  const entries = 'packet=stream_index,pts,dts,size,pos,flags';
  const text = execFileSync(ffprobe, ['-v', 'error', '-of', 'csv=p=0', '-show_entries', entries, `file:${file}`], {
    maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const own = rows.filter((row) => row.length >= 6 && Number(row[0]) < streams); // behind the streams come the cover pictures
  return own.map((row) => row.slice(0, 6).join());
}
