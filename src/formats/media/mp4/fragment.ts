import type { BlockReader } from '../block-reader.ts';
import { type Box, boxesIn } from './box.ts';
import type { FragmentDefaults, Movie, Track } from './movie.ts';

/** A run of samples in a fragment (ISO/IEC 14496-12 8.8.8): where its entries are and what they leave out. */
export interface TrackRun {
  readonly track: Track;
  readonly defaults: FragmentDefaults;
  readonly flags: number;
  readonly count: number;
  readonly firstSampleFlags: number | undefined;
  /** First byte of the entries in the file. */
  readonly entriesOffset: number;
  readonly entryBytes: number;
  /** Base decode time of the fragment (`tfdt`), where it is told and this is its first run. */
  readonly baseTime: number | undefined;
  /** Where the samples start; `undefined` = behind those of the run before. */
  readonly dataOffset: number | undefined;
}

interface Fragment {
  readonly track: Track;
  readonly defaults: FragmentDefaults;
  readonly baseOffset: number;
}

/** All runs of a `moof`, in order. */
export async function* runsOf(reader: BlockReader, moof: Box, movie: Movie): AsyncGenerator<TrackRun> {
  for await (const traf of boxesIn(reader, moof.payloadOffset, moof.endOffset)) {
    if (traf.type !== 'traf') continue;
    let fragment: Fragment | undefined;
    let baseTime: number | undefined;
    let isFirst = true;
    for await (const box of boxesIn(reader, traf.payloadOffset, traf.endOffset)) {
      if (box.type === 'tfhd') fragment = readHeader(await reader.view(box.payloadOffset, 40), moof, movie);
      else if (box.type === 'tfdt') baseTime = readBaseTime(await reader.view(box.payloadOffset, 12));
      else if (box.type === 'trun' && fragment) {
        const run = readRun(await reader.view(box.payloadOffset, 16), box, fragment, { baseTime, isFirst });
        if (run) yield run;
        baseTime = undefined;
        isFirst = false;
      }
    }
  }
}

/** 8.8.7: which track, and the defaults that stand for its `trex`. */
function readHeader(bytes: Buffer, moof: Box, movie: Movie): Fragment | undefined {
  if (bytes.length < 8) return undefined;
  const flags = bytes.readUInt32BE(0) & 0xffffff;
  const track = movie.tracks.find(({ id }) => id === bytes.readUInt32BE(4));
  if (!track) return undefined;
  let at = 8;
  const take = (flag: number, fieldBytes: 4 | 8): number | undefined => {
    if (!(flags & flag) || at + fieldBytes > bytes.length) return undefined;
    const value = fieldBytes === 8 ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at);
    at += fieldBytes;
    return value;
  };
  const baseOffset = take(0x1, 8) ?? moof.offset;
  take(0x2, 4);
  const duration = take(0x8, 4) ?? track.defaults.duration;
  const sizeBytes = take(0x10, 4) ?? track.defaults.sizeBytes;
  return { track, baseOffset, defaults: { duration, sizeBytes, flags: take(0x20, 4) ?? track.defaults.flags } };
}

function readBaseTime(bytes: Buffer): number | undefined {
  if (bytes.length < 8) return undefined;
  return bytes[0] === 1 && bytes.length >= 12 ? Number(bytes.readBigUInt64BE(4)) : bytes.readUInt32BE(4);
}

function readRun(
  bytes: Buffer,
  box: Box,
  fragment: Fragment,
  place: { readonly baseTime: number | undefined; readonly isFirst: boolean },
): TrackRun | undefined {
  if (bytes.length < 8) return undefined;
  const flags = bytes.readUInt32BE(0) & 0xffffff;
  let at = 8;
  const hasOffset = (flags & 0x1) !== 0 && at + 4 <= bytes.length;
  // 8.8.8.1: the first run starts at the base, a later one behind the run before it
  const startOffset = place.isFirst ? fragment.baseOffset : undefined;
  const dataOffset = hasOffset ? fragment.baseOffset + bytes.readInt32BE(at) : startOffset;
  if (hasOffset) at += 4;
  const hasFirstFlags = (flags & 0x4) !== 0 && at + 4 <= bytes.length;
  const firstSampleFlags = hasFirstFlags ? bytes.readUInt32BE(at) : undefined;
  if (hasFirstFlags) at += 4;
  const entryBytes = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length;
  const declared = bytes.readUInt32BE(4);
  const room = Math.max(0, box.endOffset - box.payloadOffset - at);
  const count = entryBytes > 0 ? Math.min(declared, Math.floor(room / entryBytes)) : declared;
  const { track, defaults } = fragment;
  const { baseTime } = place;
  const entriesOffset = box.payloadOffset + at;
  return { track, defaults, flags, count, firstSampleFlags, entriesOffset, entryBytes, baseTime, dataOffset };
}
