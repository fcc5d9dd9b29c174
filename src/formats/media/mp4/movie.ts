import type { StreamType } from '../draft.ts';
import type { SampleEntry } from './sample-entry.ts';

/** A table of a track: where its entries are. It is never loaded, only read through a window. */
export interface Table {
  readonly offset: number;
  readonly entryBytes: number;
  /** As far as the box has room for them, whatever it declares. */
  readonly count: number;
}

/** One stretch of the edit list (ISO/IEC 14496-12 8.6.6). */
export interface Edit {
  /** In units of the movie. */
  readonly duration: number;
  /** In units of the track; -1 is an empty edit. */
  readonly mediaTime: number;
}

/** What fragments take when they do not say (8.8.3). */
export interface FragmentDefaults {
  readonly duration: number;
  readonly sizeBytes: number;
  readonly flags: number;
}

/** One track, as its header tells; the tables stay in the file. */
export interface Track {
  id: number;
  /** Its number among the streams; -1 if it is not one (a chapter list). */
  streamIndex: number;
  type: StreamType;
  timeScale: number;
  /** In its own units; 0 if unknown. */
  duration: number;
  language: string | undefined;
  rotation: number | undefined;
  entry: SampleEntry | undefined;
  edits: Edit[];
  chapterTrackIds: number[];
  /** `stts`, `ctts`, `stsc`, `stco`, `co64`, `stss`, `stsz` by name. */
  readonly tables: Map<string, Table>;
  /** `stsz`: all samples have this size; 0 if the table tells. */
  fixedSampleBytes: number;
  sampleCount: number;
  /** `stz2`: 4, 8 or 16 bits per entry; 32 in `stsz`. */
  sizeBits: number;
  defaults: FragmentDefaults;
  /** Tables that declare more entries than there is room for. */
  readonly overflows: TableOverflow[];
}

/** A table that declares more entries than its box, or the file, has room for. */
export interface TableOverflow {
  readonly table: string;
  readonly declared: number;
  readonly room: number;
  readonly offset: number;
}

/** A track with nothing known yet. */
export function newTrack(): Track {
  return {
    id: 0,
    streamIndex: -1,
    type: 'data',
    timeScale: 0,
    duration: 0,
    language: undefined,
    rotation: undefined,
    entry: undefined,
    edits: [],
    chapterTrackIds: [],
    tables: new Map(),
    fixedSampleBytes: 0,
    sampleCount: 0,
    sizeBits: 32,
    defaults: { duration: 0, sizeBytes: 0, flags: 0 },
    overflows: [],
  };
}

/** A file's movie box and what else its top level shows. */
export interface Movie {
  brands: string[];
  timeScale: number;
  duration: number;
  readonly tracks: Track[];
  /** `mvex` is there: samples may be in fragments. */
  isFragmented: boolean;
  /** `mehd`, in units of the movie. */
  fragmentsDuration: number;
  /** Where the last `sidx` ends, seconds. */
  indexedSeconds: number;
  /** Where `udta` and `meta` of the movie are: what the tags are read from. */
  readonly tagBoxes: { readonly offset: number; readonly lengthBytes: number }[];
  /** `chpl`, where there is one. */
  chapterListOffset: number;
  firstFragmentOffset: number;
}

/** Nothing known yet. */
export function newMovie(): Movie {
  return {
    brands: [],
    timeScale: 0,
    duration: 0,
    tracks: [],
    isFragmented: false,
    fragmentsDuration: 0,
    indexedSeconds: 0,
    tagBoxes: [],
    chapterListOffset: -1,
    firstFragmentOffset: -1,
  };
}

/** How far the edit list moves the track's times, in units of the track. */
export function editShift(movie: Movie, track: Track): number {
  if (movie.timeScale === 0) return 0; // the list has no unit
  let emptyUnits = 0;
  for (const { duration, mediaTime } of track.edits) {
    if (mediaTime >= 0) return emptyUnits - mediaTime;
    emptyUnits += Math.round((duration * track.timeScale) / movie.timeScale);
  }
  return 0;
}

/** Length of a track in seconds as its header and edit list tell; `undefined` if they do not. */
export function trackSeconds(movie: Movie, track: Track): number | undefined {
  const edited = track.edits.reduce((sum, { duration }) => sum + duration, 0);
  if (edited > 0 && movie.timeScale > 0) return edited / movie.timeScale;
  return track.duration > 0 && track.timeScale > 0 ? track.duration / track.timeScale : undefined;
}
