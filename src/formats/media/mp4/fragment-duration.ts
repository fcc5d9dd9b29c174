import { KiB } from '../../../units.ts';
import { BlockReader } from '../block-reader.ts';
import { boxesIn } from './box.ts';
import { runsOf, type TrackRun } from './fragment.ts';
import type { Movie } from './movie.ts';

/** Fragments that are read for the duration of a file that does not tell it. */
const MAX_FRAGMENTS = 10_000;

/** The longest track in seconds, from the headers of the fragments; `undefined` if there are too many. */
export async function fragmentsSeconds(reader: BlockReader, movie: Movie): Promise<number | undefined> {
  // Fragments are far apart: small blocks, so that the media between them is not read
  const small = new BlockReader(reader.input, { blockBytes: 4 * KiB, blockCount: 16 });
  const spans = new Map<number, { first: number; end: number; timeScale: number }>();
  let count = 0;
  for await (const box of boxesIn(small, movie.firstFragmentOffset, small.sizeBytes)) {
    if (box.type !== 'moof') continue;
    if (++count > MAX_FRAGMENTS) return undefined;
    for await (const run of runsOf(small, box, movie)) {
      const { id, timeScale } = run.track;
      if (timeScale === 0) continue;
      const start = run.baseTime ?? spans.get(id)?.end ?? 0;
      const span = spans.get(id) ?? { first: start, end: start, timeScale };
      span.end = start + (await runUnits(small, run));
      spans.set(id, span);
    }
  }
  const seconds = [...spans.values()].map(({ first, end, timeScale }) => (end - first) / timeScale);
  return seconds.length > 0 ? Math.max(...seconds) : undefined;
}

async function runUnits(reader: BlockReader, run: TrackRun): Promise<number> {
  if (!(run.flags & 0x100)) return run.count * run.defaults.duration;
  let units = 0;
  for (let done = 0; done < run.count; ) {
    const bytes = await reader.view(
      run.entriesOffset + done * run.entryBytes,
      Math.min(run.count - done, 1024) * run.entryBytes,
    );
    const entries = Math.floor(bytes.length / run.entryBytes);
    if (entries === 0) return units;
    for (let i = 0; i < entries; i++) units += bytes.readUInt32BE(i * run.entryBytes);
    done += entries;
  }
  return units;
}
