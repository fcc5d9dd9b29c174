import { jsonNumber } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import type { Recorder } from '../recorder.ts';
import type { ChapterFacts, MediaDraft, PictureFacts } from './draft.ts';

/** `format/...` fields, then streams, chapters and pictures, then what is wrong with them. */
export function* emitDraft(draft: MediaDraft, out: Recorder): Generator<void> {
  emitFormat(draft, out);
  for (const [index, { type, codec, attributes }] of draft.streams.entries()) {
    out.object({ path: `stream[${index}]`, class: 'stream', dtype: type, codec, attributes: present(attributes) });
    if (out.isFull) yield;
  }
  for (const [index, chapter] of draft.chapters.entries()) {
    out.object({ path: `chapter[${index}]`, class: 'chapter', attributes: present(chapterAttributes(chapter)) });
    if (out.isFull) yield;
  }
  yield* emitPictures(draft.pictures, 0, out);
  for (const issue of draft.issues) out.issue(issue);
}

function emitFormat(draft: MediaDraft, out: Recorder): void {
  for (const [name, value] of formatFields(draft)) {
    const dtype = typeof value === 'string' ? 'string' : Number.isInteger(value) ? 'int' : 'float';
    const unit = name === 'duration' ? 's' : name === 'bitRate' ? 'bit/s' : undefined;
    out.field({ path: `format/${name}`, key: name, name, dtype, value, unit });
  }
}

/** Pictures, numbered from `firstIndex` on. */
export function* emitPictures(pictures: readonly PictureFacts[], firstIndex: number, out: Recorder): Generator<void> {
  for (const [i, picture] of pictures.entries()) {
    const attributes = present(pictureAttributes(picture));
    out.object({ path: `picture[${firstIndex + i}]`, class: 'picture', attributes });
    if (out.isFull) yield;
  }
}

function formatFields(draft: MediaDraft): [string, Json][] {
  const fields: [string, Json][] = [['container', draft.container]];
  if (draft.durationSeconds !== undefined) fields.push(['duration', jsonNumber(draft.durationSeconds)]);
  if (draft.bitRate !== undefined) fields.push(['bitRate', Math.round(draft.bitRate)]);
  return [...fields, ...draft.format];
}

function chapterAttributes(chapter: ChapterFacts): Record<string, Json | undefined> {
  return { start: chapter.startSeconds, end: chapter.endSeconds, title: chapter.title };
}

function pictureAttributes(picture: PictureFacts): Record<string, Json | undefined> {
  const { mediaType, sizeBytes, type, description } = picture;
  return { mediaType, bytes: sizeBytes, type, description };
}

function present(attributes: Readonly<Record<string, Json | undefined>>): Record<string, Json> {
  const entries = Object.entries(attributes).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
