/**
 * Packets and sampled pictures of video against ffprobe and ffmpeg: CPU seconds less those of starting (the same on
 * a file of one picture, on both sides), and peak RSS, in one interleaved run.
 *
 *   node build/bench/video.js [rounds] [part of a title]
 */
import { type Command, type MediaRaces, makeFile, mediaRaces, ownReader } from './support/media-files.ts';

/** 60 pictures a second and AAC of 48 kHz, as a telephone films: 107 packets a second. */
function film(folder: string, name: string, seconds: number, size = '160x90'): string {
  const pictures = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=60:duration=${seconds}`];
  const sound = ['-f', 'lavfi', '-i', `sine=sample_rate=48000:duration=${seconds}`];
  const codecs = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-c:a', 'aac'];
  return makeFile(folder, name, ...pictures, ...sound, ...codecs);
}

function longFilm(folder: string, minutes: number): string {
  const clip = film(folder, 'clip.mp4', 60);
  return makeFile(folder, `${minutes}.mp4`, '-stream_loop', String(minutes - 1), '-i', clip, '-c', 'copy');
}

function ownPackets(...paths: string[]): Command {
  return ownReader('video', { packets: true, tags: false }, paths);
}

function packetRace({ folder, race }: MediaRaces, minutes: number): void {
  const probe = (path: string): Command => ['ffprobe', '-v', 'error', '-show_packets', '-of', 'csv', path];
  race(`Packets of an MP4 of ${minutes} minutes`, () => {
    const long = longFilm(folder, minutes);
    const one = film(folder, 'one.mp4', 0.02);
    return [
      { name: 'tidegate', job: ownPackets(long), start: ownPackets(one) },
      { name: 'ffprobe -show_packets -of csv', job: probe(long), start: probe(one) },
    ];
  });
}

/** In a process that runs already: what a service that reads many files pays for the next one. */
function warmRace({ folder, race }: MediaRaces): void {
  race('Packets of an MP4 of 10 minutes, the third time in one process', () => {
    const long = longFilm(folder, 10);
    return [{ name: 'tidegate', job: ownPackets(long, long, long), start: ownPackets(long, long) }];
  });
}

function pictureRace({ folder, race }: MediaRaces): void {
  const filter = "select='not(mod(n,30))',scale=64:36:flags=area,format=gray,showinfo=checksum=0";
  const own = (path: string): Command =>
    ownReader('video', { frames: { every: 30 }, ffmpeg: true, tags: false }, [path]);
  const bare = (path: string): Command => [
    'sh',
    '-c',
    `ffmpeg -v info -nostats -threads 1 -i ${path} -map 0:v:0 -vf "${filter}" -fps_mode passthrough -f image2pipe -c:v pgm - | cat`,
  ];
  race('Every 30th picture of 2 minutes of 640x360', () => {
    const long = film(folder, 'pictures.mp4', 120, '640x360');
    const one = film(folder, 'picture.mp4', 0.02, '640x360');
    return [
      { name: 'tidegate', job: own(long), start: own(one) },
      { name: 'ffmpeg with the same filter', job: bare(long), start: bare(one) },
    ];
  });
}

mediaRaces((races) => {
  for (const minutes of [10, 120]) packetRace(races, minutes);
  warmRace(races);
  pictureRace(races);
});
