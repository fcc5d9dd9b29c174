import type { IFormat } from 'music-metadata';
import type { ProbeContext } from '../container.ts';
import type { MediaDraft } from '../draft.ts';
import { declaredEnd } from './declared-end.ts';
import { cutTagBytes } from './trailing-tags.ts';

/** Containers that music-metadata alone reads: FFmpeg's codec name and the media type that picks its parser. */
const LIBRARY: Readonly<Record<string, { readonly codec: string; readonly mediaType: string }>> = {
  ape: { codec: 'ape', mediaType: 'audio/ape' },
  wv: { codec: 'wavpack', mediaType: 'audio/wavpack' },
  mpc: { codec: 'musepack7', mediaType: 'audio/musepack' },
  mpc8: { codec: 'musepack8', mediaType: 'audio/musepack' },
  dsf: { codec: 'dsd_lsbf_planar', mediaType: 'audio/dsf' },
  dff: { codec: 'dsd_msbf', mediaType: 'audio/dsd' },
};

/** Leaves stream and duration to music-metadata too. */
export async function probeLibrary({ reader, draft }: ProbeContext, container: string): Promise<void> {
  draft.container = container === 'mpc8' ? 'mpc' : container;
  draft.tagSource = { source: reader, mediaType: LIBRARY[container]!.mediaType, isAuthority: true };
  const end = await declaredEnd(reader, container);
  if (end === undefined) return;
  const missing = end > reader.sizeBytes ? end - reader.sizeBytes : await cutTagBytes(reader, end);
  if (missing === 0) return;
  const message = `Cannot read all of the file: by its headers, ${missing} or more bytes are missing`;
  draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: 'error', message, offset: reader.sizeBytes });
}

/** The stream and duration of such a file. */
export function applyLibraryFormat(format: IFormat, container: string, sizeBytes: number, draft: MediaDraft): void {
  const { sampleRate, numberOfChannels: channels, bitsPerSample, duration } = format;
  const isKnown = duration !== undefined && Number.isFinite(duration) && duration > 0;
  const seconds = isKnown ? duration : undefined;
  const attributes = { sampleRate, channels, bitsPerSample, duration: seconds };
  draft.streams.push({ type: 'audio', codec: LIBRARY[container]!.codec, attributes });
  draft.durationSeconds = seconds;
  if (seconds) draft.bitRate = (sizeBytes * 8) / seconds;
}
