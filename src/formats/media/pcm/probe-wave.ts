import { TidegateError } from '../../../errors.ts';
import type { BlockReader } from '../block-reader.ts';
import type { ProbeContext } from '../container.ts';
import type { MediaDraft } from '../draft.ts';
import { type PipedInput, UNKNOWN_BYTES as UNKNOWN_END } from '../piped-input.ts';
import { type Splice, SplicedSource } from '../spliced-source.ts';
import { type ChunkStyle, chunksIn, type RiffChunk } from './chunk-walk.ts';
import { kindBytes, kindOf, type PcmLayout } from './layout.ts';
import { WAVE_TAG_CHUNKS } from './tag-chunks.ts';
import { waveCodec } from './wave-codecs.ts';

const MAX_BYTES = 0xffffffff;
/** Sizes from here on were never true: a live writer's "as large as can be", less its headers. */
const UNKNOWN_BYTES = 0xffffff00;

interface WaveFormat {
  readonly tag: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bytesPerSecond: number;
  readonly blockBytes: number;
  readonly bits: number;
}

/**
 * Reads a RIFF/WAVE, RF64, BW64 or Sony Wave64 file. Answers where its sound is, if it is PCM.
 * @see Microsoft "Multimedia Programming Interface" 1.0; EBU Tech 3306 (RF64)
 */
export async function probeWave({ reader, draft, pipe }: ProbeContext): Promise<PcmLayout | undefined> {
  const head = await reader.exactly(0, 12, 'the RIFF header');
  const isWave64 = head.toString('latin1', 0, 4) === 'riff';
  draft.container = isWave64 ? 'w64' : head.toString('latin1', 0, 4) === 'RIFF' ? 'wav' : 'rf64';
  const found = await readChunks(reader, isWave64, pipe);
  if (!found.format) throw reader.truncated(12, 24, 'the format chunk: none was found');
  const layout = describe(found, reader, draft);
  if (found.soundEnd !== undefined && found.soundEnd < UNKNOWN_END)
    draft.tail = { offset: found.soundEnd, endOffset: UNKNOWN_END };
  const tags = found.tags.filter((chunk) => chunk.missingBytes === 0);
  if (tags.some(({ id }) => id !== 'fmt ')) draft.tagSource = tagsOf(reader, tags);
  for (const chunk of found.cut) {
    const message = `Cannot read all of chunk ${JSON.stringify(chunk.id)}: the input ends ${chunk.missingBytes} bytes before it does`;
    draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: 'error', message, offset: reader.sizeBytes });
  }
  if (!found.data && found.cut.length === 0) {
    const message = 'Cannot find the data chunk: the input ends before it';
    draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: 'error', message, offset: reader.sizeBytes });
  }
  return layout;
}

interface Found {
  format?: WaveFormat;
  data?: RiffChunk;
  samples?: number;
  /** Of a long pipe: what is behind the sound was not looked at. */
  soundEnd?: number;
  readonly tags: RiffChunk[];
  readonly cut: RiffChunk[];
}

async function readChunks(reader: BlockReader, isWave64: boolean, pipe: PipedInput | undefined): Promise<Found> {
  const found: Found = { tags: [], cut: [] };
  const large = { dataBytes: 0 };
  const style: ChunkStyle = isWave64 ? { isWave64 } : { realBytes: dataSize(reader, large) };
  for await (const chunk of chunksIn(reader, isWave64 ? 40 : 12, reader.sizeBytes, style)) {
    const { id, dataOffset, lengthBytes } = chunk;
    if (chunk.missingBytes > 0) found.cut.push(chunk);
    if (id === 'fmt ' || WAVE_TAG_CHUNKS.has(id)) found.tags.push(chunk); // music-metadata wants to see the format
    if (id === 'data') found.data ??= chunk;
    if (id === 'data' && pipe && dataOffset + lengthBytes > pipe.heldBytes) {
      found.soundEnd = dataOffset + lengthBytes;
      break;
    }
    if (id === 'fmt ') {
      const formatBytes = Math.max(16, Math.min(lengthBytes, 40));
      found.format ??= readFormat(await reader.exactly(dataOffset, formatBytes, 'the format chunk'));
    } else if (id === 'fact' && lengthBytes >= 4) {
      found.samples = (await reader.exactly(dataOffset, 4, 'the fact chunk')).readUInt32LE(0);
    } else if (id === 'ds64') {
      large.dataBytes = Number((await reader.exactly(dataOffset, 24, 'the ds64 chunk')).readBigUInt64LE(8));
    }
  }
  return found;
}

/**
 * The real size of `data`: from `ds64` (EBU Tech 3306 3.5) where there is one; a live writer leaves 0 or the most there
 * can be, then it goes on to the end of the input.
 */
function dataSize(reader: BlockReader, large: { dataBytes: number }): NonNullable<ChunkStyle['realBytes']> {
  return (id, declared, dataOffset) => {
    if (id !== 'data' || (declared < UNKNOWN_BYTES && declared !== 0)) return declared;
    return large.dataBytes > 0 ? large.dataBytes : reader.sizeBytes - dataOffset;
  };
}

function readFormat(bytes: Buffer): WaveFormat {
  let tag = bytes.readUInt16LE(0);
  const bits = bytes.readUInt16LE(14);
  // WAVE_FORMAT_EXTENSIBLE: the real tag starts the sub-format GUID
  if (tag === 0xfffe && bytes.length >= 26) tag = bytes.readUInt16LE(24);
  return {
    tag,
    channels: bytes.readUInt16LE(2),
    sampleRate: bytes.readUInt32LE(4),
    bytesPerSecond: bytes.readUInt32LE(8),
    blockBytes: bytes.readUInt16LE(12),
    bits,
  };
}

function describe(found: Found, reader: BlockReader, draft: MediaDraft): PcmLayout | undefined {
  const { tag, channels, sampleRate, bytesPerSecond, blockBytes, bits } = found.format!;
  const codec = waveCodec(tag, bits);
  const kind = kindOf(codec);
  const dataBytes = found.data ? Math.min(found.data.lengthBytes, reader.sizeBytes - found.data.dataOffset) : 0;
  const frameBytes = kind ? kindBytes(kind) * channels : 0;
  const pcmSeconds = frameBytes > 0 && sampleRate > 0 ? Math.floor(dataBytes / frameBytes) / sampleRate : 0;
  const otherSeconds = found.samples && sampleRate > 0 ? found.samples / sampleRate : dataBytes / (bytesPerSecond || 1);
  const isEndless = dataBytes > 0 && found.data!.dataOffset + dataBytes >= UNKNOWN_END;
  const seconds = isEndless ? undefined : kind ? pcmSeconds : otherSeconds;
  if (found.data) draft.durationSeconds = seconds;
  draft.bitRate = bytesPerSecond * 8;
  const isPcm = kind !== undefined;
  const attributes = {
    sampleRate,
    channels,
    bitsPerSample: isPcm ? bits : undefined,
    duration: found.data ? seconds : undefined,
    bitRate: bytesPerSecond * 8,
  };
  draft.streams.push({ type: 'audio', codec, attributes });
  if (!kind || !found.data) return undefined;
  if (channels === 0 || sampleRate === 0 || (blockBytes !== 0 && blockBytes !== frameBytes)) {
    const message = `Cannot read the sound: ${channels} channels of ${bits} bits do not make blocks of ${blockBytes} bytes`;
    throw new TidegateError('ERR_MALFORMED', message, { offset: found.data.offset });
  }
  return { kind, channels, sampleRate, dataOffset: found.data.dataOffset, dataBytes, isEndless };
}

/** The tag chunks as a RIFF file of their own: also for RF64 and Wave64, which music-metadata does not know. */
function tagsOf(reader: BlockReader, chunks: readonly RiffChunk[]): MediaDraft['tagSource'] {
  const parts: Splice[] = [];
  let lengthBytes = 4;
  for (const { id, dataOffset, lengthBytes: bytes } of chunks) {
    const head = Buffer.alloc(8);
    head.write(id, 0, 'latin1');
    head.writeUInt32LE(Math.min(bytes, MAX_BYTES), 4);
    parts.push({ bytes: head }, { offset: dataOffset, lengthBytes: bytes });
    if (bytes % 2 === 1) parts.push({ bytes: Buffer.alloc(1) });
    lengthBytes += 8 + bytes + (bytes % 2);
  }
  const riff = Buffer.alloc(12);
  riff.write('RIFF', 0, 'latin1');
  riff.writeUInt32LE(Math.min(lengthBytes, MAX_BYTES), 4);
  riff.write('WAVE', 8, 'latin1');
  return { source: new SplicedSource(reader, [{ bytes: riff }, ...parts]), mediaType: 'audio/wav' };
}
