import { TidegateError } from '../../../errors.ts';
import { KiB, MiB } from '../../../units.ts';
import type { BlockReader } from '../block-reader.ts';
import type { ProbeContext } from '../container.ts';
import type { MediaDraft } from '../draft.ts';
import { lastFlacSample } from './flac-frame.ts';
import { id3End } from './id3.ts';
import { tailTagBytes } from './trailing-tags.ts';

/** Metadata blocks of a file: real ones have some ten. */
const MAX_BLOCKS = 10_000;

/** The last two frames mostly are in the first of these, and in the second for certain. */
const TAIL_BYTES = [32 * KiB, MiB];

/** Reads the metadata blocks of a FLAC file (RFC 9639 8), and whether its last frame is there. */
export async function probeFlac({ reader, draft }: ProbeContext): Promise<void> {
  draft.container = 'flac';
  const start = await id3End(reader);
  const mark = await reader.exactly(start, 4, 'the FLAC marker');
  if (mark.toString('latin1') !== 'fLaC')
    throw new TidegateError('ERR_MALFORMED', 'Cannot read FLAC: no marker', { offset: start });
  draft.tagSource = { source: reader, mediaType: 'audio/flac' };
  let offset = start + 4;
  let totalSamples = 0;
  for (let count = 0, isLast = false; !isLast && count < MAX_BLOCKS; count++) {
    const head = await reader.exactly(offset, 4, 'the header of a metadata block');
    isLast = head[0]! >= 0x80;
    const type = head[0]! & 127;
    const lengthBytes = head.readUIntBE(1, 3);
    if (offset + 4 + lengthBytes > reader.sizeBytes)
      throw reader.truncated(offset + 4, lengthBytes, 'a metadata block');
    if (type === 0) totalSamples = readStreamInfo(await reader.exactly(offset + 4, 34, 'STREAMINFO'), draft);
    offset += 4 + lengthBytes;
  }
  const endOffset = reader.sizeBytes - (await tailTagBytes(reader));
  if (draft.durationSeconds) draft.bitRate = ((endOffset - offset) * 8) / draft.durationSeconds;
  if (totalSamples > 0) await checkEnd(reader, offset, endOffset, totalSamples, draft);
}

/** RFC 9639 8.2; answers the samples of a channel, 0 if unknown. */
function readStreamInfo(bytes: Buffer, draft: MediaDraft): number {
  const packed = bytes.readUInt32BE(10);
  const sampleRate = packed >>> 12;
  const totalSamples = (bytes[13]! & 15) * 2 ** 32 + bytes.readUInt32BE(14);
  const seconds = totalSamples > 0 && sampleRate > 0 ? totalSamples / sampleRate : undefined;
  const bitsPerSample = ((packed >> 4) & 31) + 1;
  const attributes = { sampleRate, channels: ((packed >> 9) & 7) + 1, bitsPerSample, duration: seconds };
  draft.streams.push({ type: 'audio', codec: 'flac', attributes });
  draft.durationSeconds = seconds;
  return totalSamples;
}

/** The last frame tells the number of its first sample: with its own it must be what STREAMINFO declares. */
async function checkEnd(
  reader: BlockReader,
  start: number,
  end: number,
  totalSamples: number,
  draft: MediaDraft,
): Promise<void> {
  let last: number | undefined;
  for (const mostBytes of TAIL_BYTES) {
    const tailBytes = Math.min(mostBytes, end - start);
    last = lastFlacSample(await reader.view(end - tailBytes, tailBytes));
    if (last !== undefined && last >= totalSamples) return;
    if (tailBytes === end - start) break;
  }
  const message = `Cannot find all sound: ${totalSamples} samples declared, the last whole frame ends at ${last ?? 'none'}`;
  draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: 'error', message, offset: end });
}
