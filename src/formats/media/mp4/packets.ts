import type { LocatedPacket, ProbeContext } from '../container.ts';
import { fragmentPackets } from './fragment-packets.ts';
import type { Movie } from './movie.ts';
import { tablePackets } from './table-packets.ts';

/** All packets of an MP4 or MOV file: those of the sample tables, then those of the fragments. */
export async function* mp4Packets({ reader }: ProbeContext, movie: Movie): AsyncGenerator<LocatedPacket[]> {
  const chapterIds = new Set(movie.tracks.flatMap(({ chapterTrackIds }) => chapterTrackIds));
  const tracks = movie.tracks.filter(({ id, sampleCount }) => sampleCount > 0 && !chapterIds.has(id));
  for await (const packets of tablePackets(reader, movie, tracks)) {
    const outside = packets.findIndex(({ offset, lengthBytes }) => offset + lengthBytes > reader.sizeBytes);
    if (outside < 0) yield packets;
    else {
      if (outside > 0) yield packets.slice(0, outside);
      const { offset, lengthBytes } = packets[outside]!;
      throw reader.truncated(offset, lengthBytes, 'the media data of a sample');
    }
  }
  if (movie.firstFragmentOffset >= 0) yield* fragmentPackets(reader, movie);
}
