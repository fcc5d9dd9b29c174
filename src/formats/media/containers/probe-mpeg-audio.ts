import { TidegateError } from '../../../errors.ts';
import { KiB } from '../../../units.ts';
import type { BlockReader } from '../block-reader.ts';
import type { ProbeContext } from '../container.ts';
import type { MediaDraft } from '../draft.ts';
import { id3End } from './id3.ts';
import { type AudioFrame, FRAME_HEADER_BYTES, parseFrame } from './mpeg-header.ts';
import { tailTagBytes } from './trailing-tags.ts';

/** Bytes after the tags in which a first frame is looked for. */
const SEARCH_BYTES: number = 256 * KiB;
/** Frames are counted this far; the rest of a longer file without a Xing header is taken to go on like that. */
const COUNTED_BYTES: number = 512 * KiB;
/** Bytes of the end that are walked over where the whole was not. */
const TAIL_BYTES: number = 64 * KiB;
/** Frames in a row that prove a first one. */
const PROOF_FRAMES = 3;

/** Reads MP1, MP2, MP3 or ADTS AAC: tags at both ends, frames between them. */
export async function probeMpegAudio({ reader, draft }: ProbeContext): Promise<void> {
  draft.container = 'mp3';
  draft.tagSource = { source: reader, mediaType: 'audio/mpeg' };
  const startOffset = await id3End(reader);
  const endOffset = reader.sizeBytes - (await tailTagBytes(reader));
  const first = await findFirst(reader, startOffset, endOffset);
  if (!first) {
    const message = `Cannot find a frame of MPEG audio within ${SEARCH_BYTES} bytes of the tags`;
    throw new TidegateError(startOffset >= reader.sizeBytes ? 'ERR_TRUNCATED_INPUT' : 'ERR_MALFORMED', message, {
      offset: startOffset,
    });
  }
  const { frame, offset } = first;
  draft.container = frame.codec === 'aac' ? 'aac' : frame.codec;
  if (frame.codec === 'aac') draft.tagSource = { source: reader, mediaType: 'audio/aacp' };
  const count = await countFrames(reader, offset, endOffset, draft);
  const { seconds, isVariable } = (await readXing(reader, first, endOffset, draft)) ?? count;
  const attributes = {
    sampleRate: frame.sampleRate || undefined,
    channels: frame.channels || undefined,
    duration: seconds || undefined,
    bitRateMode: isVariable ? 'variable' : 'constant',
  };
  draft.streams.push({ type: 'audio', codec: frame.codec, attributes });
  if (seconds <= 0) return;
  draft.durationSeconds = seconds;
  draft.bitRate = ((endOffset - offset) * 8) / seconds;
}

interface FoundFrame {
  readonly frame: AudioFrame;
  readonly offset: number;
}

async function findFirst(reader: BlockReader, start: number, end: number): Promise<FoundFrame | undefined> {
  const bytes = await reader.view(start, Math.min(SEARCH_BYTES, end - start));
  let plausible: FoundFrame | undefined;
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const frame = parseFrame(bytes, at);
    if (!frame) continue;
    const inRow = framesInRow(bytes, at, frame, end - start);
    if (inRow >= PROOF_FRAMES) return { frame, offset: start + at };
    if (inRow > 0) plausible ??= { frame, offset: start + at };
  }
  return plausible;
}

/** Frames that follow each other from `at`; those that reach the end of the file count as proven. */
function framesInRow(bytes: Buffer, at: number, first: AudioFrame, endAt: number): number {
  let next: AudioFrame | undefined = first;
  let count = 0;
  while (next && next.codec === first.codec && next.sampleRate === first.sampleRate && next.lengthBytes > 0) {
    at += next.lengthBytes;
    if (++count >= PROOF_FRAMES) return count;
    if (at >= endAt) return at === endAt ? PROOF_FRAMES : count;
    next = parseFrame(bytes, at);
  }
  return next ? 0 : count - 1;
}

interface Length {
  readonly seconds: number;
  readonly isVariable: boolean;
}

/** Counts frames over the first 512 KiB and takes the rest to be alike. */
async function countFrames(reader: BlockReader, offset: number, end: number, draft: MediaDraft): Promise<Length> {
  let seconds = 0;
  let at = offset;
  const limit = Math.min(end, offset + COUNTED_BYTES);
  const sizes = new Set<number>();
  while (at < limit) {
    const bytes = await reader.view(at, FRAME_HEADER_BYTES);
    const frame = parseFrame(bytes, 0);
    if (frame && frame.lengthBytes > 0) {
      if (at + frame.lengthBytes > end) {
        noteCut(draft, frame, at, end);
      }
      seconds += frame.sampleRate > 0 ? frame.samples / frame.sampleRate : 0;
      sizes.add(frame.lengthBytes >> 1); // padding adds one byte to some frames of a constant rate
      at += frame.lengthBytes;
    } else {
      const skipped = await findFirst(reader, at + 1, end);
      if (!skipped) {
        noteRest(draft, at, end - at);
        break;
      }
      at = skipped.offset;
    }
  }
  const isVariable = sizes.size > 2;
  if (at < end && at >= limit) await checkTail(reader, offset, end, draft);
  if (at < end && at > offset) seconds *= (end - offset) / (at - offset);
  return { seconds, isVariable };
}

/** Walks over the frames of the last 64 KiB: a format without a declared length shows a cut only there. */
async function checkTail(reader: BlockReader, start: number, end: number, draft: MediaDraft): Promise<void> {
  const tailBytes = Math.min(TAIL_BYTES, end - start);
  const found = await findFirst(reader, end - tailBytes, end);
  let at = found?.offset ?? end;
  while (at < end) {
    const frame = parseFrame(await reader.view(at, FRAME_HEADER_BYTES), 0);
    if (!frame || frame.lengthBytes === 0) return noteRest(draft, at, end - at);
    if (at + frame.lengthBytes > end) return noteCut(draft, frame, at, end);
    at += frame.lengthBytes;
  }
}

function noteCut(draft: MediaDraft, frame: AudioFrame, offset: number, end: number): void {
  const message = `The last frame is cut: ${frame.lengthBytes} bytes at ${offset}, the sound ends at ${end}`;
  draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: 'warning', message, offset });
}

function noteRest(draft: MediaDraft, offset: number, restBytes: number): void {
  const message = `The last ${restBytes} bytes are no frame: what was one is cut, or something else was added`;
  draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: 'warning', message, offset });
}

/** A Xing, Info or VBRI header in the first frame counts the frames. */
async function readXing(
  reader: BlockReader,
  first: FoundFrame,
  end: number,
  draft: MediaDraft,
): Promise<Length | undefined> {
  const { frame, offset } = first;
  const bytes = await reader.view(offset, 4 + 32 + 120);
  const at = frame.sideOffset;
  const mark = bytes.toString('latin1', at, at + 4);
  const secondsOf = (frames: number): number => (frames * frame.samples) / frame.sampleRate;
  if ((mark === 'Xing' || mark === 'Info') && bytes.length >= at + 16) {
    const flags = bytes.readUInt32BE(at + 4);
    const frames = flags & 1 ? bytes.readUInt32BE(at + 8) : 0;
    const declaredBytes = (flags & 3) === 3 ? bytes.readUInt32BE(at + 12) : 0;
    if (declaredBytes > end - offset) noteShort(draft, declaredBytes - (end - offset), end);
    // as with a file that was cut: the header is what the encoder knew
    if (frames > 0) return { seconds: secondsOf(frames), isVariable: mark === 'Xing' };
  }
  const vbri = bytes.toString('latin1', 36, 40) === 'VBRI' && bytes.length >= 54 ? bytes.readUInt32BE(36 + 14) : 0;
  return vbri > 0 ? { seconds: secondsOf(vbri), isVariable: true } : undefined;
}

function noteShort(draft: MediaDraft, missingBytes: number, offset: number): void {
  const message = `Cannot read all frames: the Xing header counts ${missingBytes} bytes more than the file has`;
  draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: 'warning', message, offset });
}
