import type { BlockReader } from '../block-reader.ts';
import type { ProbeContext } from '../container.ts';
import type { MediaDraft, StreamFacts } from '../draft.ts';
import { SplicedSource } from '../spliced-source.ts';
import { readChapterList, readChapterTrack } from './chapters.ts';
import { fragmentsSeconds } from './fragment-duration.ts';
import { type Movie, newMovie, type Track, trackSeconds } from './movie.ts';
import { readMovie } from './read-movie.ts';

/** Reads the header of an MP4, MOV, M4A or 3GP file: streams, chapters, duration, and where the tags are. */
export async function probeMp4({ reader, draft, maxObjects }: ProbeContext): Promise<Movie> {
  const movie = newMovie();
  try {
    await readMovie(reader, draft, movie);
  } finally {
    describe(movie, draft);
  }
  draft.tagSource = tagsOf(movie, reader);
  const chapterTrack = movie.tracks.find((track) =>
    movie.tracks.some(({ chapterTrackIds }) => chapterTrackIds.includes(track.id)),
  );
  if (movie.chapterListOffset >= 0) await readChapterList(reader, movie.chapterListOffset, draft);
  if (draft.chapters.length === 0 && chapterTrack)
    await readChapterTrack(reader, movie, chapterTrack, draft, maxObjects);
  draft.durationSeconds = await duration(movie, reader);
  if (draft.durationSeconds) draft.bitRate = (reader.sizeBytes * 8) / draft.durationSeconds;
  return movie;
}

function describe(movie: Movie, draft: MediaDraft): void {
  draft.container = movie.brands[0] === 'qt' || movie.brands.length === 0 ? 'mov' : 'mp4';
  if (movie.brands[0]) draft.format.set('brand', movie.brands[0]);
  if (movie.brands.length > 1) draft.format.set('compatibleBrands', [...new Set(movie.brands.slice(1))].join(' '));
  for (const track of movie.tracks) {
    for (const { table, declared, room, offset } of track.overflows) {
      const message = `Cannot read all of table ${table}: ${declared} entries declared, there is room for ${room}`;
      draft.issues.push({ code: 'ERR_MALFORMED', severity: 'error', message, offset });
    }
    track.streamIndex = draft.streams.length;
    draft.streams.push(streamFacts(movie, track));
  }
}

function streamFacts(movie: Movie, track: Track): StreamFacts {
  const { entry, timeScale, sampleCount, type } = track;
  const seconds = trackSeconds(movie, track);
  const mediaSeconds = timeScale > 0 && track.duration > 0 ? track.duration / timeScale : undefined;
  const frameRate = type === 'video' && mediaSeconds && sampleCount > 0 ? sampleCount / mediaSeconds : undefined;
  return {
    type,
    codec: entry?.codec,
    attributes: {
      sampleRate: entry?.sampleRate,
      channels: entry?.channels,
      bitsPerSample: type === 'audio' && entry?.codec?.match(/^(pcm|alac|flac)/) ? entry.bitsPerSample : undefined,
      width: type === 'video' ? entry?.width : undefined,
      height: type === 'video' ? entry?.height : undefined,
      frameRate: frameRate === undefined ? undefined : Math.round(frameRate * 1e6) / 1e6,
      rotation: type === 'video' ? track.rotation : undefined,
      duration: seconds,
      bitRate: entry?.bitRate,
      language: track.language,
      timeScale: timeScale || undefined,
      packetCount: sampleCount || undefined,
      trackId: track.id,
      tag: entry?.fourcc,
    },
  };
}

async function duration(movie: Movie, reader: BlockReader): Promise<number | undefined> {
  if (movie.timeScale > 0 && movie.duration > 0) return movie.duration / movie.timeScale;
  const longest = movie.tracks.reduce((most, track) => Math.max(most, trackSeconds(movie, track) ?? 0), 0);
  if (longest > 0) return longest;
  if (movie.timeScale > 0 && movie.fragmentsDuration > 0) return movie.fragmentsDuration / movie.timeScale;
  if (movie.indexedSeconds > 0) return movie.indexedSeconds;
  return movie.firstFragmentOffset >= 0 ? fragmentsSeconds(reader, movie) : undefined;
}

/** The movie's `udta` and `meta` boxes as a file of their own: music-metadata never sees a sample table. */
function tagsOf(movie: Movie, reader: BlockReader): MediaDraft['tagSource'] {
  if (movie.tagBoxes.length === 0) return undefined;
  const lengthBytes = movie.tagBoxes.reduce((sum, box) => sum + box.lengthBytes, 0);
  const head = Buffer.alloc(24);
  head.writeUInt32BE(16, 0);
  head.write('ftypmp42', 4, 'latin1');
  head.writeUInt32BE(Math.min(8 + lengthBytes, 0xffffffff), 16);
  head.write('moov', 20, 'latin1');
  return { source: new SplicedSource(reader, [{ bytes: head }, ...movie.tagBoxes]), mediaType: 'video/mp4' };
}
