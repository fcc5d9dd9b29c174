import type { Recorder } from '../../recorder.ts';
import type { ProbeContext } from '../container.ts';
import { fragmentPackets } from './fragment-packets.ts';
import type { Movie } from './movie.ts';
import { tablePackets } from './table-packets.ts';

/** One sample record per packet of an MP4 or MOV file: those of the sample tables, then those of the fragments. */
export async function* mp4Packets({ reader }: ProbeContext, movie: Movie, out: Recorder): AsyncGenerator<void> {
  const chapterIds = new Set(movie.tracks.flatMap(({ chapterTrackIds }) => chapterTrackIds));
  const tracks = movie.tracks.filter(({ id, sampleCount }) => sampleCount > 0 && !chapterIds.has(id));
  yield* tablePackets(reader, movie, tracks, out);
  if (movie.firstFragmentOffset >= 0) yield* fragmentPackets(reader, movie, out);
}
