/**
 * Packets and sampled pictures of video against ffprobe and ffmpeg: CPU seconds less those of starting (the same on
 * a file of one picture, on both sides), and peak RSS, in one interleaved run.
 *
 *   node build/bench/video.js [rounds] [part of a title]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasProgram, makeFile, ownReader } from './support/media-files.ts';
import { startRace } from './support/start-race.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const ONLY = process.argv[3] ?? '';
if (!hasProgram('ffmpeg') || !hasProgram('ffprobe')) process.exit(0);
const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));

/** 60 pictures a second and AAC of 48 kHz, as a telephone films: 107 packets a second. */
function film(name: string, seconds: number, size: string): string {
  const pictures = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=60:duration=${seconds}`];
  const sound = ['-f', 'lavfi', '-i', `sine=sample_rate=48000:duration=${seconds}`];
  const codecs = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-c:a', 'aac'];
  return makeFile(folder, name, ...pictures, ...sound, ...codecs);
}

function packetRace(one: string, clip: string, minutes: number): void {
  const title = `Packets of an MP4 of ${minutes} minutes`;
  if (!title.includes(ONLY)) return;
  const long = makeFile(folder, `${minutes}.mp4`, '-stream_loop', String(minutes - 1), '-i', clip, '-c', 'copy');
  const own = (path: string): [string, ...string[]] => ownReader('video', { packets: true, tags: false }, [path]);
  const probe = (path: string): [string, ...string[]] => [
    'ffprobe',
    '-v',
    'error',
    '-show_packets',
    '-of',
    'csv',
    path,
  ];
  startRace(
    title,
    [
      { name: 'tidegate', job: own(long), start: own(one) },
      { name: 'ffprobe -show_packets -of csv', job: probe(long), start: probe(one) },
    ],
    ROUNDS,
    folder,
  );
}

/** In a process that runs already: what a service that reads many files pays for the next one. */
function warmPackets(clip: string): void {
  const title = 'Packets of an MP4 of 10 minutes, the third time in one process';
  if (!title.includes(ONLY)) return;
  const long = makeFile(folder, '10.mp4', '-stream_loop', '9', '-i', clip, '-c', 'copy');
  const times = (count: number): [string, ...string[]] =>
    ownReader(
      'video',
      { packets: true, tags: false },
      Array.from({ length: count }, () => long),
    );
  startRace(title, [{ name: 'tidegate', job: times(3), start: times(2) }], ROUNDS, folder);
}

function pictureRace(): void {
  const title = 'Every 30th picture of 2 minutes of 640x360';
  if (!title.includes(ONLY)) return;
  const long = film('pictures.mp4', 120, '640x360');
  const one = film('picture.mp4', 0.02, '640x360');
  const filter = "select='not(mod(n,30))',scale=64:36:flags=area,format=gray,showinfo=checksum=0";
  const own = (path: string): [string, ...string[]] =>
    ownReader('video', { frames: { every: 30 }, ffmpeg: true, tags: false }, [path]);
  const bare = (path: string): [string, ...string[]] => [
    'sh',
    '-c',
    `ffmpeg -v info -nostats -threads 1 -i ${path} -map 0:v:0 -vf "${filter}" -fps_mode passthrough -f image2pipe -c:v pgm - | cat`,
  ];
  startRace(
    title,
    [
      { name: 'tidegate', job: own(long), start: own(one) },
      { name: 'ffmpeg with the same filter', job: bare(long), start: bare(one) },
    ],
    ROUNDS,
    folder,
  );
}

try {
  const clip = film('clip.mp4', 60, '160x90');
  const one = film('one.mp4', 0.02, '160x90');
  for (const minutes of [10, 120]) packetRace(one, clip, minutes);
  warmPackets(clip);
  pictureRace();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
