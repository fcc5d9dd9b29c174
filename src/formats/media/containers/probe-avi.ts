import type { BlockReader } from '../block-reader.ts';
import type { ProbeContext } from '../container.ts';
import type { MediaDraft } from '../draft.ts';
import { chunksIn } from '../pcm/chunk-walk.ts';
import { waveCodec } from '../pcm/wave-codecs.ts';
import { riffVideoCodec } from '../riff-codecs.ts';

/** Reads the header list of an AVI file (Microsoft AVI RIFF reference, OpenDML 1.02). */
export async function probeAvi({ reader, draft }: ProbeContext): Promise<void> {
  draft.container = 'avi';
  const head = await reader.exactly(0, 12, 'the RIFF header');
  const riffBytes = head.readUInt32LE(4);
  let isHeaderRead = false;
  for await (const chunk of chunksIn(reader, 12, reader.sizeBytes)) {
    if (chunk.id === 'LIST' && !isHeaderRead) {
      const type = (await reader.view(chunk.dataOffset, 4)).toString('latin1');
      const end = chunk.dataOffset + chunk.lengthBytes;
      if (type === 'hdrl') await readHeaderList(reader, chunk.dataOffset + 4, Math.min(end, reader.sizeBytes), draft);
      isHeaderRead = type === 'hdrl';
    }
    if (chunk.id === 'LIST' && chunk.missingBytes > 0) break;
  }
  if (!isHeaderRead) throw reader.truncated(12, 8, 'the AVI header list: none was found');
  if (draft.durationSeconds) draft.bitRate = (reader.sizeBytes * 8) / draft.durationSeconds;
  if (riffBytes + 8 > reader.sizeBytes) {
    const message = `Cannot read all of the file: the input ends ${riffBytes + 8 - reader.sizeBytes} bytes before it does`;
    draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: 'error', message, offset: reader.sizeBytes });
  }
}

async function readHeaderList(reader: BlockReader, offset: number, end: number, draft: MediaDraft): Promise<void> {
  for await (const chunk of chunksIn(reader, offset, end)) {
    if (chunk.id !== 'LIST' || (await reader.view(chunk.dataOffset, 4)).toString('latin1') !== 'strl') continue;
    await readStreamList(reader, chunk.dataOffset + 4, Math.min(chunk.dataOffset + chunk.lengthBytes, end), draft);
  }
}

async function readStreamList(reader: BlockReader, offset: number, end: number, draft: MediaDraft): Promise<void> {
  let header = Buffer.alloc(0);
  let format = Buffer.alloc(0);
  for await (const chunk of chunksIn(reader, offset, end)) {
    const bytes = Buffer.from(await reader.view(chunk.dataOffset, Math.min(chunk.lengthBytes, 64)));
    if (chunk.id === 'strh') header = bytes;
    else if (chunk.id === 'strf') format = bytes;
  }
  if (header.length < 36) return;
  const rate = header.readUInt32LE(24) / (header.readUInt32LE(20) || 1);
  const seconds = rate > 0 ? header.readUInt32LE(32) / rate : undefined;
  draft.durationSeconds = Math.max(draft.durationSeconds ?? 0, seconds ?? 0) || undefined;
  const type = header.toString('latin1', 0, 4);
  if (type === 'vids' && format.length >= 20) {
    const attributes = {
      width: format.readInt32LE(4),
      height: Math.abs(format.readInt32LE(8)),
      frameRate: rate,
      duration: seconds,
    };
    draft.streams.push({ type: 'video', codec: riffVideoCodec(format.toString('latin1', 16, 20)), attributes });
  } else if (type === 'auds' && format.length >= 16) {
    const codec = waveCodec(format.readUInt16LE(0), format.readUInt16LE(14));
    const attributes = {
      sampleRate: format.readUInt32LE(4),
      channels: format.readUInt16LE(2),
      duration: seconds,
      bitRate: format.readUInt32LE(8) * 8,
    };
    draft.streams.push({ type: 'audio', codec, attributes });
  } else {
    draft.streams.push({ type: type === 'txts' ? 'subtitle' : 'data', attributes: {} });
  }
}
