import type { MediaDraft } from '../draft.ts';

/** The path of the first stream of that type: the one that ffmpeg is asked for. */
export function streamPath({ streams }: MediaDraft, wanted: 'audio' | 'video'): string {
  const index = streams.findIndex(({ type }) => type === wanted);
  return `stream[${Math.max(0, index)}]`;
}
