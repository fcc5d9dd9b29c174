import type { BlockReader } from '../block-reader.ts';
import type { ProbeContext } from '../container.ts';
import type { MediaDraft } from '../draft.ts';
import { waveCodec } from '../pcm/wave-codecs.ts';
import { riffVideoCodec } from '../riff-codecs.ts';

// Advanced Systems Format 10.1 to 10.4: the first 8 bytes of the GUIDs, as they stand in a file.
const FILE_PROPERTIES = 'a1dcab8c47a9cf11';
const STREAM_PROPERTIES = '9107dcb7b7a9cf11';
const HEADER_EXTENSION = 'b503bf5f2ea9cf11';
const EXTENDED_STREAM = 'cba5e61472c63243';
const AUDIO_MEDIA = '409e69f84d5bcf11';
const VIDEO_MEDIA = 'c0ef19bc4d5bcf11';
const MAX_OBJECTS = 10_000;

/** Reads the header object of an ASF, WMA or WMV file. */
export async function probeAsf({ reader, draft }: ProbeContext): Promise<void> {
  draft.container = 'asf';
  draft.tagSource = { source: reader, mediaType: 'video/ms-asf' };
  const head = await reader.exactly(0, 30, 'the ASF header');
  const headerBytes = Number(head.readBigUInt64LE(16));
  await readObjects(reader, 30, headerBytes, draft);
  const data = await reader.view(headerBytes, 24);
  if (headerBytes > reader.sizeBytes) throw reader.truncated(0, headerBytes, 'the ASF header');
  const dataBytes = data.length === 24 ? Number(data.readBigUInt64LE(16)) : 24;
  if (headerBytes + dataBytes > reader.sizeBytes) {
    const message = `Cannot read all of the data object: the input ends ${headerBytes + dataBytes - reader.sizeBytes} bytes before it does`;
    draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: 'error', message, offset: reader.sizeBytes });
  }
}

async function readObjects(reader: BlockReader, offset: number, end: number, draft: MediaDraft): Promise<void> {
  const ranges = [{ offset, end }]; // the header, then its extension and the streams inside of that
  let count = 0;
  for (let range = ranges.shift(); range; range = ranges.shift()) {
    for (let at = range.offset; at + 24 <= range.end && count < MAX_OBJECTS; count++) {
      const head = await reader.view(at, 24);
      if (head.length < 24) return;
      const id = head.toString('hex', 0, 8);
      const lengthBytes = Number(head.readBigUInt64LE(16));
      if (lengthBytes < 24) return;
      if (id === FILE_PROPERTIES)
        readFileProperties(await reader.exactly(at, 104, 'the ASF file properties'), draft, reader);
      else if (id === STREAM_PROPERTIES) readStream(await reader.view(at, Math.min(lengthBytes, 1024)), draft);
      else if (id === HEADER_EXTENSION) ranges.push({ offset: at + 46, end: at + lengthBytes });
      else if (id === EXTENDED_STREAM) ranges.push(await insideExtended(reader, at, lengthBytes));
      at += lengthBytes;
    }
  }
}

/** 4.1: a Stream Properties Object may be the last part of an Extended Stream Properties Object. */
async function insideExtended(
  reader: BlockReader,
  at: number,
  lengthBytes: number,
): Promise<{ offset: number; end: number }> {
  const end = at + lengthBytes;
  const fixed = await reader.view(at, 88);
  if (fixed.length < 88) return { offset: end, end };
  let inner = at + 88;
  for (let i = fixed.readUInt16LE(84), names = 0; names < i && names < 64; names++) {
    const name = await reader.view(inner, 4);
    inner += name.length === 4 ? 4 + name.readUInt16LE(2) : 0;
  }
  for (let i = fixed.readUInt16LE(86), systems = 0; systems < i && systems < 64; systems++) {
    const system = await reader.view(inner, 22);
    inner += system.length === 22 ? 22 + system.readUInt32LE(18) : 0;
  }
  return { offset: Math.min(inner, end), end };
}

function readFileProperties(bytes: Buffer, draft: MediaDraft, reader: BlockReader): void {
  const playSeconds = Number(bytes.readBigUInt64LE(64)) / 1e7 - Number(bytes.readBigUInt64LE(80)) / 1e3;
  if (playSeconds > 0) {
    draft.durationSeconds = playSeconds;
    draft.bitRate = (reader.sizeBytes * 8) / playSeconds;
  }
}

function readStream(bytes: Buffer, draft: MediaDraft): void {
  if (bytes.length < 78) return;
  const type = bytes.toString('hex', 24, 32);
  const format = bytes.subarray(78);
  if (type === AUDIO_MEDIA && format.length >= 16) {
    const bits = format.readUInt16LE(14);
    const attributes = {
      sampleRate: format.readUInt32LE(4),
      channels: format.readUInt16LE(2),
      bitRate: format.readUInt32LE(8) * 8,
    };
    draft.streams.push({ type: 'audio', codec: waveCodec(format.readUInt16LE(0), bits), attributes });
  } else if (type === VIDEO_MEDIA && format.length >= 31) {
    const attributes = { width: format.readUInt32LE(0), height: format.readUInt32LE(4) };
    draft.streams.push({ type: 'video', codec: riffVideoCodec(format.toString('latin1', 27, 31)), attributes });
  } else {
    draft.streams.push({ type: 'data', attributes: {} });
  }
}
