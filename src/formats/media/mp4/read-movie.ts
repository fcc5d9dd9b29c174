import type { BlockReader } from '../block-reader.ts';
import type { MediaDraft } from '../draft.ts';
import { type Box, boxesIn, printable } from './box.ts';
import { known, knownLong } from './known.ts';
import { type Movie, newMovie, newTrack, type Track } from './movie.ts';
import { readTrackBox, TRACK_CONTAINERS } from './read-track.ts';

/** Fragments that are stepped over to find the end of the file; beyond, the file is taken as it is. */
const MAX_TOP_LEVEL_BOXES = 100_000;

/** Reads the top level and the movie box of an MP4 or MOV file. Sample tables are located, never read. */
export async function readMovie(reader: BlockReader, draft: MediaDraft, movie: Movie = newMovie()): Promise<Movie> {
  let count = 0;
  let hasMovie = false;
  let hasMedia = false;
  let endOffset = 0;
  for await (const box of boxesIn(reader, 0, reader.sizeBytes)) {
    if (box.type === 'moov' && !hasMovie) {
      hasMovie = true;
      await readMovieBox(reader, box, movie, draft);
    } else {
      await readTopLevel(reader, box, movie);
    }
    hasMedia ||= box.type === 'mdat' || box.type === 'idat' || box.type === 'meta';
    if (box.missingBytes > 0) noteCut(reader, box, draft);
    endOffset = box.endOffset;
    if (++count >= MAX_TOP_LEVEL_BOXES) break;
  }
  if (!hasMovie) throw reader.truncated(reader.sizeBytes, 8, 'the movie box: none was found');
  if (endOffset < reader.sizeBytes && count < MAX_TOP_LEVEL_BOXES) await noteRest(reader, endOffset, draft);
  const wantsMedia = movie.tracks.some((track) => track.sampleCount > 0);
  if (wantsMedia && !hasMedia) noteMissing(reader, draft);
  return movie;
}

function noteCut(reader: BlockReader, box: Box, draft: MediaDraft): void {
  const message = `Cannot read all of box ${printable(box.type)}: the input ends ${box.missingBytes} bytes before it does`;
  draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: 'error', message, offset: reader.sizeBytes });
}

/** Fewer bytes than a box header: what was cut, unless it is padding. */
async function noteRest(reader: BlockReader, offset: number, draft: MediaDraft): Promise<void> {
  const rest = await reader.view(offset, 8);
  const isPadding = rest.every((byte) => byte === 0);
  const message = `Cannot read the last box: its header has ${rest.length} of 8 bytes`;
  draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: isPadding ? 'warning' : 'error', message, offset });
}

function noteMissing(reader: BlockReader, draft: MediaDraft): void {
  const message = 'Cannot find the media data of the samples that the movie box declares';
  draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: 'error', message, offset: reader.sizeBytes });
}

async function readTopLevel(reader: BlockReader, box: Box, movie: Movie): Promise<void> {
  if (box.type === 'ftyp') {
    const bytes = await reader.view(box.payloadOffset, Math.min(box.endOffset - box.payloadOffset, 1024));
    for (let at = 0; at + 4 <= bytes.length; at += 4) {
      if (at !== 4) movie.brands.push(bytes.toString('latin1', at, at + 4).trim());
    }
  } else if (box.type === 'moof' && movie.firstFragmentOffset < 0) {
    movie.firstFragmentOffset = box.offset;
  } else if (box.type === 'sidx') {
    movie.indexedSeconds = Math.max(movie.indexedSeconds, await readSegmentIndex(reader, box));
  }
}

/** ISO/IEC 14496-12 8.16.3: where its last reference ends, in seconds. */
async function readSegmentIndex(reader: BlockReader, box: Box): Promise<number> {
  const bytes = Buffer.from(
    await reader.view(box.payloadOffset, Math.min(box.endOffset - box.payloadOffset, 256 * 1024)),
  );
  if (bytes.length < 32) return 0;
  const first = bytes[0] === 0 ? 24 : 32;
  const timeScale = bytes.readUInt32BE(8);
  const count = Math.min(bytes.readUInt16BE(first - 2), Math.floor((bytes.length - first) / 12));
  let units = bytes[0] === 0 ? bytes.readUInt32BE(12) : Number(bytes.readBigUInt64BE(12));
  for (let i = 0; i < count; i++) units += bytes.readUInt32BE(first + i * 12 + 4);
  return timeScale > 0 ? units / timeScale : 0;
}

async function readMovieBox(reader: BlockReader, moov: Box, movie: Movie, draft: MediaDraft): Promise<void> {
  // The boxes that are entered, innermost last: a loop and not a recursion, since the file decides on the depth.
  const open: { readonly boxes: AsyncGenerator<Box>; readonly track: Track | undefined }[] = [];
  open.push({ boxes: boxesIn(reader, moov.payloadOffset, moov.endOffset), track: undefined });
  while (open.length > 0) {
    const { boxes, track } = open.at(-1)!;
    const next = await boxes.next();
    if (next.done) {
      open.pop();
      continue;
    }
    const box = next.value;
    if (box.missingBytes > 0) noteOverflow(box, draft);
    if (track) {
      await readTrackBox(reader, box, track);
      if (TRACK_CONTAINERS.has(box.type))
        open.push({ boxes: boxesIn(reader, box.payloadOffset, box.endOffset), track });
    } else if (box.type === 'trak') {
      const child = newTrack();
      movie.tracks.push(child);
      open.push({ boxes: boxesIn(reader, box.payloadOffset, box.endOffset), track: child });
    } else {
      const isEntered = await readMovieChild(reader, box, movie, open.length === 1);
      if (isEntered) open.push({ boxes: boxesIn(reader, box.payloadOffset, box.endOffset), track: undefined });
    }
  }
}

function noteOverflow(box: Box, draft: MediaDraft): void {
  const message = `Cannot read all of box ${printable(box.type)}: it is ${box.missingBytes} bytes larger than its parent`;
  draft.issues.push({ code: 'ERR_MALFORMED', severity: 'warning', message, offset: box.offset });
}

/** Reads a box of the movie; `true` if its children are wanted too. */
async function readMovieChild(reader: BlockReader, box: Box, movie: Movie, isTopLevel: boolean): Promise<boolean> {
  const lengthBytes = box.endOffset - box.payloadOffset;
  if (box.type === 'mvhd') {
    const bytes = await reader.view(box.payloadOffset, Math.min(lengthBytes, 36));
    const isLong = bytes[0] === 1;
    if (bytes.length < (isLong ? 32 : 20))
      throw reader.truncated(box.payloadOffset, isLong ? 32 : 20, 'the movie header');
    movie.timeScale = bytes.readUInt32BE(isLong ? 20 : 12);
    movie.duration = isLong ? knownLong(bytes.readBigUInt64BE(24)) : known(bytes.readUInt32BE(16));
  } else if (box.type === 'mehd') {
    const bytes = await reader.view(box.payloadOffset, Math.min(lengthBytes, 12));
    if (bytes.length >= 8)
      movie.fragmentsDuration =
        bytes[0] === 1 && bytes.length >= 12 ? knownLong(bytes.readBigUInt64BE(4)) : known(bytes.readUInt32BE(4));
  } else if (box.type === 'trex') {
    await readFragmentDefaults(reader, box, movie);
  } else if (box.type === 'mvex') {
    movie.isFragmented = true;
    return true;
  } else if (isTopLevel && (box.type === 'udta' || box.type === 'meta')) {
    movie.tagBoxes.push({ offset: box.offset, lengthBytes: box.endOffset - box.offset });
    return box.type === 'udta';
  } else if (box.type === 'chpl') {
    movie.chapterListOffset = box.payloadOffset;
  }
  return false;
}

async function readFragmentDefaults(reader: BlockReader, box: Box, movie: Movie): Promise<void> {
  const bytes = await reader.view(box.payloadOffset, 24);
  if (bytes.length < 24) return;
  const track = movie.tracks.find(({ id }) => id === bytes.readUInt32BE(4));
  if (!track) return;
  track.defaults = {
    duration: bytes.readUInt32BE(12),
    sizeBytes: bytes.readUInt32BE(16),
    flags: bytes.readUInt32BE(20),
  };
}
