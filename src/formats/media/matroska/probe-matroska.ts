import { TidegateError } from '../../../errors.ts';
import { MiB } from '../../../units.ts';
import type { BlockReader } from '../block-reader.ts';
import type { ProbeContext } from '../container.ts';
import type { MediaDraft } from '../draft.ts';
import { type Splice, SplicedSource } from '../spliced-source.ts';
import { type Element, float, innerElements, readElement, text, unsigned } from './ebml.ts';
import { readAttachments, readChapters } from './extras.ts';
import * as id from './ids.ts';
import type { Segment } from './segment.ts';
import { readTracks } from './tracks.ts';

/** A header element (Info, Tracks, Chapters) beyond this is not one. */
const MAX_ELEMENT_BYTES: number = 4 * MiB;
/** Elements of a segment's top level that are looked at before its first cluster. */
const MAX_TOP_ELEMENTS = 10_000;

/** Reads the header of a Matroska or WebM file, and what its SeekHead says is behind the clusters. */
export async function probeMatroska(context: ProbeContext): Promise<Segment> {
  const { reader, draft } = context;
  const head = await readElement(reader, 0, reader.sizeBytes);
  if (head?.id !== id.EBML)
    throw new TidegateError('ERR_MALFORMED', 'Cannot read Matroska: no EBML header', { offset: 0 });
  draft.container = 'matroska';
  for (const { id: child, data } of innerElements(await headerBytes(reader, head))) {
    if (child === id.DOC_TYPE && text(data) === 'webm') draft.container = 'webm';
  }
  const top = await readElement(reader, head.endOffset, reader.sizeBytes);
  if (top?.id !== id.SEGMENT) throw reader.truncated(head.endOffset, 12, 'the segment');
  const segment: Segment = {
    dataOffset: top.dataOffset,
    endOffset: top.endOffset,
    isUnknownSize: top.isUnknownSize,
    timestampScale: 1_000_000, // the default, 5.1.2.9
    firstClusterOffset: -1,
    tracks: [],
  };
  await readTopLevel(context, segment, head);
  if (top.missingBytes > 0) noteCut(reader, top, draft);
  if (draft.durationSeconds) draft.bitRate = (reader.sizeBytes * 8) / draft.durationSeconds;
  return segment;
}

function noteCut(reader: BlockReader, element: Element, draft: MediaDraft): void {
  const message = `Cannot read all of the segment: the input ends ${element.missingBytes} bytes before it does`;
  draft.issues.push({ code: 'ERR_TRUNCATED_INPUT', severity: 'error', message, offset: reader.sizeBytes });
}

async function readTopLevel(context: ProbeContext, segment: Segment, head: Element): Promise<void> {
  const seen = new Set<number>();
  const seeks: number[] = [];
  const tags: Element[] = [];
  const visit = async (element: Element): Promise<void> => {
    if (seen.has(element.offset)) return;
    seen.add(element.offset);
    if (element.id === id.TAGS) tags.push(element);
    else if (element.id === id.SEEK_HEAD)
      seeks.push(...readSeekHead(await headerBytes(context.reader, element), segment));
    else await readHeaderElement(context, segment, element);
  };
  let offset = segment.dataOffset;
  for (let i = 0; i < MAX_TOP_ELEMENTS; i++) {
    const element = await readElement(context.reader, offset, segment.endOffset);
    if (!element) break;
    if (element.id === id.CLUSTER) {
      segment.firstClusterOffset = element.offset;
      break;
    }
    await visit(element);
    offset = element.endOffset;
  }
  // A SeekHead may name another one: each place is visited once, and there are no more places than bytes read
  for (let i = 0; i < seeks.length && i < MAX_TOP_ELEMENTS; i++) {
    const element = await readElement(context.reader, seeks[i]!, segment.endOffset).catch(() => undefined);
    if (element && element.id !== id.CLUSTER && id.SEGMENT_CHILDREN.has(element.id)) await visit(element);
  }
  context.draft.tagSource = tagsOf(context.reader, head, tags);
}

async function readHeaderElement(context: ProbeContext, segment: Segment, element: Element): Promise<void> {
  const { reader, draft } = context;
  if (element.id === id.INFO) readInfo(await headerBytes(reader, element), segment, draft);
  else if (element.id === id.TRACKS) readTracks(await headerBytes(reader, element), segment, draft);
  else if (element.id === id.CHAPTERS) readChapters(await headerBytes(reader, element), draft, context.maxObjects);
  else if (element.id === id.ATTACHMENTS) await readAttachments(reader, element, draft, context.maxObjects);
}

/** All bytes of a header element. */
async function headerBytes(reader: BlockReader, element: Element): Promise<Buffer> {
  const lengthBytes = element.endOffset - element.dataOffset;
  if (element.isUnknownSize || lengthBytes > MAX_ELEMENT_BYTES) {
    const message = `Cannot read element 0x${element.id.toString(16)}: a header of ${lengthBytes} bytes`;
    throw new TidegateError('ERR_LIMIT', message, { offset: element.offset, limit: MAX_ELEMENT_BYTES });
  }
  if (element.missingBytes > 0)
    throw reader.truncated(element.offset, lengthBytes + element.missingBytes, 'a header element');
  return Buffer.from(await reader.exactly(element.dataOffset, lengthBytes, 'a header element'));
}

function* readSeekHead(bytes: Buffer, segment: Segment): Generator<number> {
  for (const { id: seekId, data } of innerElements(bytes)) {
    if (seekId !== id.SEEK) continue;
    for (const { id: child, data: position } of innerElements(data)) {
      if (child === id.SEEK_POSITION) yield segment.dataOffset + unsigned(position);
    }
  }
}

function readInfo(bytes: Buffer, segment: Segment, draft: MediaDraft): void {
  let duration = 0;
  for (const { id: child, data } of innerElements(bytes)) {
    if (child === id.TIMESTAMP_SCALE) segment.timestampScale = unsigned(data) || 1_000_000;
    else if (child === id.DURATION) duration = float(data);
    else if (child === id.MUXING_APP) draft.format.set('muxer', text(data));
    else if (child === id.WRITING_APP) draft.format.set('writer', text(data));
  }
  if (duration > 0) draft.durationSeconds = (duration * segment.timestampScale) / 1e9;
}

/** Tags as a segment of their own: music-metadata steps over no cluster. */
function tagsOf(reader: BlockReader, head: Element, tags: readonly Element[]): MediaDraft['tagSource'] {
  if (tags.length === 0) return undefined;
  const lengthBytes = tags.reduce((sum, { offset, endOffset }) => sum + endOffset - offset, 0);
  const header = Buffer.alloc(12);
  header.writeUInt32BE(id.SEGMENT, 0);
  header.writeBigUInt64BE(0x0100000000000000n + BigInt(lengthBytes), 4);
  const parts: Splice[] = tags.map(({ offset, endOffset }) => ({ offset, lengthBytes: endOffset - offset }));
  const source = new SplicedSource(reader, [{ offset: 0, lengthBytes: head.endOffset }, { bytes: header }, ...parts]);
  return { source, mediaType: 'video/matroska' };
}
