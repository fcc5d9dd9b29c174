import type { Recorder } from '../../recorder.ts';
import type { ProbeContext } from '../container.ts';
import type { Part } from '../in-turn.ts';
import { fragmentPackets } from './fragment-packets.ts';
import type { Movie } from './movie.ts';
import { tablePackets } from './table-packets.ts';

/** One sample record per packet of an MP4 or MOV file: those of the sample tables, then those of the fragments. */
export function mp4Packets({ reader }: ProbeContext, movie: Movie, out: Recorder): readonly Part<void>[] {
  const chapterIds = new Set(movie.tracks.flatMap(({ chapterTrackIds }) => chapterTrackIds));
  const tracks = movie.tracks.filter(({ id, sampleCount }) => sampleCount > 0 && !chapterIds.has(id));
  return [
    () => tablePackets(reader, movie, tracks, out),
    () => (movie.firstFragmentOffset >= 0 ? fragmentPackets(reader, movie, out) : undefined),
  ];
}
