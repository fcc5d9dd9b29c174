import type { BlockReader } from '../block-reader.ts';
import { EntryWindow } from './entry-window.ts';
import type { Track } from './movie.ts';

/** How far composition times of a track are from decode times; 0 is always among them. */
export interface OffsetRange {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Reads all composition offsets of a track. The lowest is what decode times have to be moved by, so that none is
 * later than its composition time (ISO/IEC 14496-12 8.6.1.4 stores it as the `cslg` shift, where it stores it).
 */
export async function offsetRange(reader: BlockReader, { tables }: Track): Promise<OffsetRange> {
  const window = new EntryWindow(reader, tables.get('ctts'));
  let range: OffsetRange = { lowest: 0, highest: 0 };
  while (!window.isDone) {
    if (window.isDry) await window.fill();
    range = widen(range, window);
  }
  return range;
}

function widen({ lowest, highest }: OffsetRange, window: EntryWindow): OffsetRange {
  const { words, end } = window;
  for (let i = window.at + 1; i < end; i += 2) {
    const offset = words[i]! | 0;
    if (offset < lowest) lowest = offset;
    if (offset > highest) highest = offset;
  }
  window.at = end;
  return { lowest, highest };
}
