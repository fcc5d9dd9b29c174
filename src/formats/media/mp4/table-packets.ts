import type { Recorder } from '../../recorder.ts';
import type { BlockReader } from '../block-reader.ts';
import { type EditSource, planEdits } from './edit-plan.ts';
import { EditedCursor } from './edited-cursor.ts';
import { emitPackets, isThrough, type Lane, laneOf, turnPage } from './lanes.ts';
import { editShift, type Movie, type Track } from './movie.ts';
import { offsetRange } from './offset-range.ts';
import type { PacketCursor, PacketPage } from './packet-page.ts';
import { SampleCursor } from './sample-cursor.ts';
import { SoundCursor } from './sound-cursor.ts';

/** The samples of tracks as packets, by their tables. */
export async function* tablePackets(
  reader: BlockReader,
  movie: Movie,
  tracks: readonly Track[],
  out: Recorder,
): AsyncGenerator<void> {
  const lanes = await openLanes(reader, movie, tracks);
  while (lanes.length > 0) {
    emitPackets(lanes, reader, out);
    if (out.isFull) yield;
    const through = lanes.findIndex(isThrough);
    if (through >= 0 && !(await turnPage(lanes[through]!))) lanes.splice(through, 1);
  }
}

async function openLanes(reader: BlockReader, movie: Movie, tracks: readonly Track[]): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for (const track of tracks) {
    const open = (page?: PacketPage): PacketCursor =>
      SoundCursor.fits(track) ? new SoundCursor(reader, track, page) : new SampleCursor(reader, track, page);
    const range = await offsetRange(reader, track);
    const dtsLead = track.type === 'video' ? -range.lowest : 0;
    const source: EditSource = { track, open, range, dtsLead };
    const isEdited = track.edits.length > 0 && movie.timeScale > 0 && movie.firstFragmentOffset < 0;
    const cursor = isEdited ? new EditedCursor(source, await planEdits(movie, source)) : open();
    // In a file with fragments, the list only tells where the track starts
    if (!isEdited) cursor.page.shift = editShift(movie, track);
    const lane = laneOf(cursor, dtsLead);
    if (await turnPage(lane)) lanes.push(lane);
  }
  return lanes;
}
