import { isPromise } from '../../../bytes/input.ts';
import type { Recorder } from '../../recorder.ts';
import type { BlockReader } from '../block-reader.ts';
import { type EditSource, planEdits } from './edit-plan.ts';
import { EditedCursor } from './edited-cursor.ts';
import { EntryWindow } from './entry-window.ts';
import { choose, emitPacket, type Lane, type TimedCursor, tellTime } from './lanes.ts';
import { editShift, type Movie, type Track } from './movie.ts';
import { SampleCursor } from './sample-cursor.ts';
import { SoundCursor } from './sound-cursor.ts';

/** The samples of tracks as packets, by their tables: in the order of {@link choose}. */
export async function* tablePackets(
  reader: BlockReader,
  movie: Movie,
  tracks: readonly Track[],
  out: Recorder,
): AsyncGenerator<void> {
  const lanes = await openLanes(reader, movie, tracks);
  while (lanes.length > 0) {
    const lane = lanes.length === 1 ? lanes[0]! : choose(lanes);
    emitPacket(lane, reader, out);
    if (out.isFull) yield;
    const moved = lane.cursor.next();
    if (!(isPromise(moved) ? await moved : moved)) lanes.splice(lanes.indexOf(lane), 1);
    else tellTime(lane);
  }
}

async function openLanes(reader: BlockReader, movie: Movie, tracks: readonly Track[]): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for (const track of tracks) {
    const open = (): TimedCursor =>
      SoundCursor.fits(track) ? new SoundCursor(reader, track) : new SampleCursor(reader, track);
    const source: EditSource = { track, open, dtsLead: await dtsLead(reader, track) };
    const isEdited = track.edits.length > 0 && movie.timeScale > 0 && movie.firstFragmentOffset < 0;
    const cursor = isEdited ? new EditedCursor(source, await planEdits(movie, source)) : open();
    // In a file with fragments, the list only tells where the track starts
    const shift = isEdited ? 0 : editShift(movie, track);
    const lane = { cursor, path: `stream[${track.streamIndex}]`, shift, dtsLead: source.dtsLead, seconds: 0 };
    if (!(await cursor.next())) continue;
    tellTime(lane);
    lanes.push(lane);
  }
  return lanes;
}

/** The most that a composition offset is below zero (ISO/IEC 14496-12 8.6.1.4 stores it as the `cslg` shift). */
async function dtsLead(reader: BlockReader, track: Track): Promise<number> {
  const table = track.tables.get('ctts');
  if (!table || track.type !== 'video') return 0;
  const window = new EntryWindow(reader, table);
  let lowest = 0;
  while (!window.isDone) {
    if (window.isDry) await window.fill();
    for (; window.at < window.end; window.at += 2) lowest = Math.min(lowest, window.words[window.at + 1]! | 0);
  }
  return -lowest;
}
