import type { BlockReader } from '../block-reader.ts';
import type { MediaDraft } from '../draft.ts';
import { cleanText } from '../tags/tag-value.ts';
import { type Element, innerElements, readElement, text, unsigned } from './ebml.ts';
import * as id from './ids.ts';

/** Chapters of all editions, in order; nested ones behind their parent. */
export function readChapters(bytes: Buffer, draft: MediaDraft, maxChapters: number): void {
  const open: Buffer[] = [];
  for (const { id: edition, data } of innerElements(bytes)) if (edition === id.EDITION_ENTRY) open.push(data);
  for (let i = 0; i < open.length; i++) {
    for (const { id: atom, data } of innerElements(open[i]!)) {
      if (atom !== id.CHAPTER_ATOM) continue;
      if (draft.chapters.length >= maxChapters) return;
      readChapter(data, draft);
      open.push(data); // nested atoms: a queue, since the file decides on the depth
    }
  }
}

function readChapter(data: Buffer, draft: MediaDraft): void {
  let startSeconds = 0;
  let endSeconds: number | undefined;
  let title: string | undefined;
  for (const child of innerElements(data)) {
    if (child.id === id.CHAPTER_TIME_START) startSeconds = unsigned(child.data) / 1e9;
    else if (child.id === id.CHAPTER_TIME_END) endSeconds = unsigned(child.data) / 1e9;
    else if (child.id === id.CHAPTER_DISPLAY && title === undefined) {
      for (const part of innerElements(child.data)) if (part.id === id.CHAP_STRING) title = cleanText(text(part.data));
    }
  }
  draft.chapters.push({ startSeconds, endSeconds, title });
}

/** Attached files: pictures by their media type, the rest as streams of type attachment. Their bytes are not read. */
export async function readAttachments(
  reader: BlockReader,
  parent: Element,
  draft: MediaDraft,
  maxObjects: number,
): Promise<void> {
  let offset = parent.dataOffset;
  for (let count = 0; count < maxObjects; count++) {
    const file = await readElement(reader, offset, parent.endOffset);
    if (!file) return;
    if (file.id === id.ATTACHED_FILE) await readAttachedFile(reader, file, draft);
    offset = file.endOffset;
  }
}

async function readAttachedFile(reader: BlockReader, file: Element, draft: MediaDraft): Promise<void> {
  let mediaType = 'application/octet-stream';
  let description: string | undefined;
  let sizeBytes = 0;
  for (let offset = file.dataOffset; ; ) {
    const child = await readElement(reader, offset, file.endOffset);
    if (!child) break;
    const value = async (): Promise<string> =>
      cleanText(text(await reader.view(child.dataOffset, Math.min(1024, child.endOffset - child.dataOffset))));
    if (child.id === id.FILE_DATA) sizeBytes = child.endOffset - child.dataOffset;
    else if (child.id === id.FILE_MEDIA_TYPE) mediaType = await value();
    else if (child.id === id.FILE_NAME || (child.id === id.FILE_DESCRIPTION && !description))
      description = await value();
    offset = child.endOffset;
  }
  if (mediaType.startsWith('image/')) draft.pictures.push({ mediaType, sizeBytes, description });
  else draft.streams.push({ type: 'attachment', attributes: { mediaType, fileName: description, bytes: sizeBytes } });
}
