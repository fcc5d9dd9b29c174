import type { BlockReader } from '../block-reader.ts';
import type { MediaDraft } from '../draft.ts';
import { cleanText } from '../tags/tag-value.ts';
import { editShift, type Movie, type Track } from './movie.ts';
import { SampleCursor } from './sample-cursor.ts';

const MAX_TITLE_BYTES = 1024;
const MAX_CHAPTERS = 10_000;

/** Nero's `chpl`: up to 255 titles with their start in units of 100 ns. */
export async function readChapterList(reader: BlockReader, offset: number, draft: MediaDraft): Promise<void> {
  // version 1 has four reserved bytes before the count
  const head = await reader.view(offset, 9);
  if (head.length < 9) return;
  const isLong = head[0] === 1;
  const count = isLong ? head[8]! : head[4]!;
  let at = offset + (isLong ? 9 : 5);
  const found: { startSeconds: number; title: string }[] = [];
  for (let i = 0; i < count; i++) {
    const bytes = await reader.view(at, 9 + 255);
    if (bytes.length < 9 || bytes.length < 9 + bytes[8]!) break;
    const title = cleanText(bytes.toString('utf8', 9, 9 + bytes[8]!));
    found.push({ startSeconds: Number(bytes.readBigUInt64BE(0)) / 1e7, title });
    at += 9 + bytes[8]!;
  }
  found.forEach((chapter, i) => {
    draft.chapters.push({ ...chapter, endSeconds: found[i + 1]?.startSeconds });
  });
}

/** QuickTime's chapters: the samples of a text track that another track refers to with `chap`. */
export async function readChapterTrack(
  reader: BlockReader,
  movie: Movie,
  track: Track,
  draft: MediaDraft,
  maxChapters: number,
): Promise<void> {
  if (track.type === 'video' || track.timeScale === 0) return;
  const cursor = new SampleCursor(reader, track);
  const shift = editShift(movie, track);
  const most = Math.min(maxChapters, MAX_CHAPTERS);
  while (await cursor.turn()) {
    const { offsets, lengths, dts, durations, end } = cursor.page;
    for (let i = 0; i < end; i++) {
      if (draft.chapters.length >= most) return;
      const title = await titleAt(reader, offsets[i]!, lengths[i]!);
      const start = dts[i]! + shift;
      const startSeconds = start / track.timeScale;
      draft.chapters.push({ startSeconds, endSeconds: (start + durations[i]!) / track.timeScale, title });
    }
  }
}

/** A text sample (QTFF): its length, then UTF-8, or UTF-16 behind a byte order mark. */
async function titleAt(reader: BlockReader, offset: number, lengthBytes: number): Promise<string> {
  const bytes = await reader.view(offset, Math.min(lengthBytes, 2 + MAX_TITLE_BYTES));
  const titleBytes = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  const text = bytes.subarray(2, 2 + titleBytes);
  const isUtf16 = text.length >= 2 && text.readUInt16BE(0) === 0xfeff;
  return cleanText(isUtf16 ? new TextDecoder('utf-16be').decode(text.subarray(2)) : text.toString('utf8'));
}
