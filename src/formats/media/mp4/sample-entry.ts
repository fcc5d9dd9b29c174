import type { StreamType } from '../draft.ts';
import { type AudioConfig, readAudioConfig } from './audio-config.ts';
import { innerBoxes } from './box.ts';
import { codecName } from './codec-names.ts';

/** What the first sample description of a track says (ISO/IEC 14496-12 8.5.2, QuickTime File Format). */
export interface SampleEntry extends AudioConfig {
  readonly fourcc: string;
  readonly codec?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

const ENTRY_HEADER_BYTES = 16;
const VISUAL_BYTES = 86;
const SOUND_BYTES = 36;

/** Reads an entry, header included. What is cut off is left out. */
export function readSampleEntry(entry: Buffer, type: StreamType): SampleEntry {
  const declared = entry.toString('latin1', 4, 8);
  if (type === 'audio' && entry.length >= SOUND_BYTES) return soundEntry(entry, declared);
  if (type === 'video' && entry.length >= 36) {
    const fourcc = originalFormat(entry.subarray(VISUAL_BYTES)) ?? declared;
    const config = readAudioConfig(entry.subarray(VISUAL_BYTES), fourcc);
    const size = { width: entry.readUInt16BE(32), height: entry.readUInt16BE(34) };
    return { fourcc, codec: config.codec ?? codecName(fourcc, type), bitRate: config.bitRate, ...size };
  }
  const fourcc = originalFormat(entry.subarray(ENTRY_HEADER_BYTES)) ?? declared;
  return { fourcc, codec: codecName(fourcc, type) };
}

function soundEntry(entry: Buffer, declared: string): SampleEntry {
  const version = entry.readUInt16BE(16);
  const isVersion2 = version === 2 && entry.length >= 72; // QTFF: SoundDescriptionV2
  const childrenOffset = isVersion2 ? 72 : version === 1 ? 52 : SOUND_BYTES;
  const children = entry.subarray(Math.min(childrenOffset, entry.length));
  const fourcc = originalFormat(children) ?? declared;
  const config = readAudioConfig(children, fourcc);
  const bits = isVersion2 ? entry.readUInt32BE(56) : entry.readUInt16BE(26);
  const sampleRate = isVersion2 ? entry.readDoubleBE(40) : entry.readUInt32BE(32) / 65536;
  const channels = isVersion2 ? entry.readUInt32BE(48) : entry.readUInt16BE(24);
  const pcmFlags = isVersion2 ? entry.readUInt32BE(60) : undefined;
  return {
    ...config,
    fourcc,
    codec: config.codec ?? codecName(fourcc, 'audio', bits, pcmFlags),
    sampleRate: config.sampleRate ?? (sampleRate > 0 ? Math.round(sampleRate) : undefined),
    channels: config.channels ?? (channels > 0 ? channels : undefined),
    bitsPerSample: config.bitsPerSample ?? (bits > 0 ? bits : undefined),
  };
}

/** ISO/IEC 14496-12 8.12: a protected entry (`enca`, `encv`) keeps its real format in `sinf`/`frma`. */
function originalFormat(children: Buffer): string | undefined {
  for (const box of innerBoxes(children)) {
    if (box.type !== 'sinf') continue;
    for (const inner of innerBoxes(box.payload)) {
      if (inner.type === 'frma' && inner.payload.length >= 4) return inner.payload.toString('latin1', 0, 4);
    }
  }
  return undefined;
}
