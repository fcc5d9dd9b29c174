import { TidegateError } from '../../../errors.ts';
import type { BlockReader } from '../block-reader.ts';
import type { ProbeContext } from '../container.ts';
import type { MediaDraft } from '../draft.ts';
import { type Splice, SplicedSource } from '../spliced-source.ts';
import { chunksIn, type RiffChunk } from './chunk-walk.ts';
import { kindBytes, kindOf, type PcmLayout } from './layout.ts';
import { AIFF_TAG_CHUNKS } from './tag-chunks.ts';

// AIFF-C draft of 1991 and Apple's additions; bits as in COMM.
const COMPRESSIONS: Readonly<Record<string, string>> = {
  fl32: 'pcm_f32be',
  FL32: 'pcm_f32be',
  fl64: 'pcm_f64be',
  FL64: 'pcm_f64be',
  ulaw: 'pcm_mulaw',
  ULAW: 'pcm_mulaw',
  alaw: 'pcm_alaw',
  ALAW: 'pcm_alaw',
  'raw ': 'pcm_u8',
  in24: 'pcm_s24be',
  in32: 'pcm_s32be',
  '42ni': 'pcm_s24le',
  '23ni': 'pcm_s32le',
  ima4: 'adpcm_ima_qt',
  MAC3: 'mace3',
  MAC6: 'mace6',
  QDM2: 'qdm2',
  QDMC: 'qdmc',
  'GSM ': 'gsm',
};

interface Common {
  readonly channels: number;
  readonly frames: number;
  readonly bits: number;
  readonly sampleRate: number;
  readonly codec: string | undefined;
}

/** Reads an AIFF or AIFF-C file. Answers where its sound is, if it is PCM. */
export async function probeAiff({ reader, draft, pipe }: ProbeContext): Promise<PcmLayout | undefined> {
  const head = await reader.exactly(0, 12, 'the FORM header');
  const isCompressed = head.toString('latin1', 8, 12) === 'AIFC';
  draft.container = 'aiff';
  let common: Common | undefined;
  let sound: RiffChunk | undefined;
  const tags: RiffChunk[] = [];
  const formEnd = 8 + head.readUInt32BE(4); // what follows the FORM is not part of it
  const end = formEnd > 12 ? Math.min(formEnd, reader.sizeBytes) : reader.sizeBytes;
  for await (const chunk of chunksIn(reader, 12, end, { isBigEndian: true })) {
    if (chunk.id === 'COMM' && !common) common = readCommon(await commonBytes(reader, chunk), isCompressed);
    else if (chunk.id === 'SSND' && !sound) sound = chunk;
    else if (AIFF_TAG_CHUNKS.has(chunk.id) && chunk.missingBytes === 0) tags.push(chunk);
    if (chunk.missingBytes > 0) noteCut(reader, chunk, draft);
    const soundEnd = chunk.dataOffset + chunk.lengthBytes;
    if (chunk !== sound || !pipe || soundEnd <= pipe.heldBytes) continue;
    draft.tail = { offset: soundEnd, endOffset: end };
    break;
  }
  if (!common && pipe) throw behindSound(reader);
  if (!common) throw reader.truncated(12, 26, 'the COMM chunk: none was found');
  if (tags.length > 0) draft.tagSource = tagsOf(reader, tags);
  if (!sound && common.frames > 0) noteMissing(reader, draft);
  return describe(pipe ? end : reader.sizeBytes, common, sound, draft);
}

function noteCut(reader: BlockReader, chunk: RiffChunk, draft: MediaDraft): void {
  const message = `Cannot read all of chunk ${JSON.stringify(chunk.id)}: the input ends ${chunk.missingBytes} bytes before it does`;
  draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: 'error', message, offset: reader.sizeBytes });
}

function noteMissing(reader: BlockReader, draft: MediaDraft): void {
  const message = 'Cannot find the sound data chunk: the input ends before it';
  draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: 'error', message, offset: reader.sizeBytes });
}

function behindSound(reader: BlockReader): TidegateError {
  const message = `Cannot read ${reader.input.name} from a pipe: what describes its sound stands behind it; save it to a file first`;
  return new TidegateError('ERR_NOT_SEEKABLE', message, { file: reader.input.name });
}

function commonBytes(reader: BlockReader, chunk: RiffChunk): Promise<Buffer> {
  return reader.exactly(chunk.dataOffset, Math.max(18, Math.min(chunk.lengthBytes, 22)), 'the COMM chunk');
}

function readCommon(bytes: Buffer, isCompressed: boolean): Common {
  const bits = bytes.readUInt16BE(6);
  const plain = bits <= 8 ? 'pcm_s8' : `pcm_s${Math.ceil(bits / 8) * 8}be`;
  const type = isCompressed && bytes.length >= 22 ? bytes.toString('latin1', 18, 22) : 'NONE';
  const isLittle = type === 'sowt';
  const codec = type === 'NONE' || type === 'twos' ? plain : isLittle ? plain.replace('be', 'le') : COMPRESSIONS[type];
  return {
    channels: bytes.readUInt16BE(0),
    frames: bytes.readUInt32BE(2),
    bits,
    sampleRate: extended(bytes, 8),
    codec,
  };
}

/** The 80-bit number of IEEE 754: 15 bits of exponent, 64 of mantissa with its leading 1. */
function extended(bytes: Buffer, at: number): number {
  const exponent = bytes.readUInt16BE(at) & 0x7fff;
  const mantissa = bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6);
  return mantissa === 0 ? 0 : mantissa * 2 ** (exponent - 16383 - 63);
}

function describe(
  sizeBytes: number,
  common: Common,
  sound: RiffChunk | undefined,
  draft: MediaDraft,
): PcmLayout | undefined {
  const { channels, frames, bits, codec, sampleRate } = common;
  const isRate = Number.isFinite(sampleRate) && sampleRate > 0;
  const seconds = sound && frames > 0 && isRate ? frames / sampleRate : undefined;
  draft.durationSeconds = seconds;
  if (seconds) draft.bitRate = (sizeBytes * 8) / seconds;
  const kind = kindOf(codec);
  const attributes = {
    sampleRate: isRate ? Math.round(sampleRate) : undefined,
    channels: channels || undefined,
    bitsPerSample: kind ? bits : undefined,
    duration: seconds,
  };
  draft.streams.push({ type: 'audio', codec, attributes });
  if (!kind || !sound || !isRate || channels === 0) return undefined;
  const frameBytes = kindBytes(kind) * channels;
  const dataOffset = sound.dataOffset + 8; // its own offset and block size come first
  const room = Math.max(0, Math.min(sound.dataOffset + sound.lengthBytes, sizeBytes) - dataOffset);
  return { kind, channels, sampleRate, dataOffset, dataBytes: Math.min(room, frames * frameBytes) };
}

/** The tag chunks as an AIFF file of their own. */
function tagsOf(reader: BlockReader, chunks: readonly RiffChunk[]): MediaDraft['tagSource'] {
  const parts: Splice[] = [];
  let lengthBytes = 4;
  for (const { offset, dataOffset, lengthBytes: bytes } of chunks) {
    parts.push({ offset, lengthBytes: dataOffset - offset + bytes });
    if (bytes % 2 === 1) parts.push({ bytes: Buffer.alloc(1) });
    lengthBytes += 8 + bytes + (bytes % 2);
  }
  const form = Buffer.alloc(12);
  form.write('FORM', 0, 'latin1');
  form.writeUInt32BE(lengthBytes, 4);
  form.write('AIFF', 8, 'latin1');
  return { source: new SplicedSource(reader, [{ bytes: form }, ...parts]), mediaType: 'audio/aiff' };
}
