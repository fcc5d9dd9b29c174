import { reorderDepth } from '../codec/reorder-depth.ts';
import type { MediaDraft, StreamFacts, StreamType } from '../draft.ts';
import { cleanText } from '../tags/tag-value.ts';
import { matroskaCodec } from './codec-names.ts';
import { float, innerElements, text, unsigned } from './ebml.ts';
import * as id from './ids.ts';
import type { Segment } from './segment.ts';

// RFC 9559 5.1.4.1.3
const TYPES: Readonly<Record<number, StreamType>> = { 1: 'video', 2: 'audio', 17: 'subtitle' };

/** Reads a Tracks element: one stream per entry. */
export function readTracks(bytes: Buffer, segment: Segment, draft: MediaDraft): void {
  for (const { id: entryId, data } of innerElements(bytes)) {
    if (entryId !== id.TRACK_ENTRY) continue;
    const fields = new Map<number, Buffer>();
    for (const child of innerElements(data)) fields.set(child.id, child.data);
    const number = unsigned(fields.get(id.TRACK_NUMBER) ?? Buffer.alloc(0));
    const stream = streamFacts(fields, segment);
    const codecDelay = unsigned(fields.get(id.CODEC_DELAY) ?? Buffer.alloc(0));
    const isVideo = stream.type === 'video';
    const frameNanoseconds = unsigned(fields.get(id.DEFAULT_DURATION) ?? Buffer.alloc(0));
    const leads = stream.codec?.startsWith('mpeg') ?? false;
    const depth = isVideo ? depthOf(fields, stream.codec) : 0;
    const streamIndex = draft.streams.length;
    const isOpus = stream.codec === 'opus';
    segment.tracks.push({ number, streamIndex, isVideo, codecDelay, frameNanoseconds, isOpus, depth, leads });
    draft.streams.push(stream);
  }
}

/** Video for Windows stores decode times as if they were presentation times: nothing follows from those. */
function depthOf(fields: ReadonlyMap<number, Buffer>, codec: string | undefined): number | undefined {
  const isWindows = text(fields.get(id.CODEC_ID) ?? Buffer.alloc(0)) === 'V_MS/VFW/FOURCC';
  return isWindows ? undefined : reorderDepth(codec, fields.get(id.CODEC_PRIVATE) ?? Buffer.alloc(0));
}

function streamFacts(fields: ReadonlyMap<number, Buffer>, segment: Segment): StreamFacts {
  const type = TYPES[unsigned(fields.get(id.TRACK_TYPE) ?? Buffer.alloc(0))] ?? 'data';
  const audio = new Map([...innerElements(fields.get(id.AUDIO) ?? Buffer.alloc(0))].map((e) => [e.id, e.data]));
  const video = new Map([...innerElements(fields.get(id.VIDEO) ?? Buffer.alloc(0))].map((e) => [e.id, e.data]));
  const number = (from: ReadonlyMap<number, Buffer>, key: number): number | undefined => {
    const data = from.get(key);
    return data ? unsigned(data) || undefined : undefined;
  };
  const bitDepth = number(audio, id.BIT_DEPTH);
  const codecId = text(fields.get(id.CODEC_ID) ?? Buffer.alloc(0));
  const config = matroskaCodec(codecId, fields.get(id.CODEC_PRIVATE) ?? Buffer.alloc(0), bitDepth ?? 16);
  const frameNanoseconds = number(fields, id.DEFAULT_DURATION);
  const name = fields.get(id.TRACK_NAME);
  const language = text(fields.get(id.LANGUAGE_BCP47) ?? fields.get(id.LANGUAGE) ?? Buffer.from('eng'));
  const rate = audio.has(id.SAMPLING_FREQUENCY) ? float(audio.get(id.SAMPLING_FREQUENCY)!) : 8000; // the default, 5.1.4.1.29.1
  return {
    type,
    codec: config.codec,
    attributes: {
      sampleRate: type === 'audio' ? (config.sampleRate ?? Math.round(rate)) : undefined,
      channels: type === 'audio' ? (config.channels ?? number(audio, id.CHANNELS) ?? 1) : undefined,
      bitsPerSample: type === 'audio' ? bitDepth : undefined,
      width: number(video, id.PIXEL_WIDTH),
      height: number(video, id.PIXEL_HEIGHT),
      frameRate: type === 'video' && frameNanoseconds ? Math.round(1e15 / frameNanoseconds) / 1e6 : undefined,
      language: language === 'und' ? undefined : cleanText(language),
      title: name ? cleanText(text(name)) : undefined,
      timeScale: 1e9 / segment.timestampScale,
      trackId: number(fields, id.TRACK_NUMBER),
      tag: cleanText(codecId),
    },
  };
}
