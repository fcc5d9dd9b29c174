import { isPromise } from '../../../bytes/input.ts';
import { MemoryInput } from '../../../bytes/memory-input.ts';
import { TidegateError } from '../../../errors.ts';
import { positiveInteger } from '../../../options.ts';
import { MiB } from '../../../units.ts';
import type { Recorder } from '../../recorder.ts';
import { BlockReader } from '../block-reader.ts';
import type { ProbeContext } from '../container.ts';
import { MediaDraft } from '../draft.ts';
import { emitPictures } from '../emit-draft.ts';
import type { PipedInput } from '../piped-input.ts';
import type { Probed } from '../probe.ts';
import { AIFF_TAG_CHUNKS, WAVE_TAG_CHUNKS } from './tag-chunks.ts';

const MAX_CHUNKS = 10_000;

/**
 * What a long pipe has behind its sound: whether the sound was there to its end, and the tags of the chunks that
 * follow. Paths that the tags in front of the sound have taken are left to those.
 */
export async function* pipedTail(
  context: ProbeContext,
  probed: Probed,
  shown: ReadonlySet<string>,
  out: Recorder,
): AsyncGenerator<void> {
  const { pipe, draft, options } = context;
  if (!pipe || !draft.tail) return; // the sound went on to the end of the pipe
  const { offset, endOffset } = draft.tail;
  if ((await take(pipe, offset - 1, 1, options.signal)).length === 0)
    throw new TidegateError('ERR_TRUNCATED_INPUT', `Cannot read all of the sound: it ends before ${offset}`, {
      offset,
    });
  if (draft.container === 'w64') return; // its chunks carry no tags that music-metadata knows
  const isAiff = probed.container === 'aiff';
  const chunks = await tagChunks(context, pipe, { offset, endOffset, isAiff });
  if (chunks.length === 0 || options.tags === false) return;
  const tail = new MediaDraft();
  const file = new MemoryInput(smallFile(chunks, isAiff), { name: pipe.name });
  tail.tagSource = { source: new BlockReader(file), mediaType: isAiff ? 'audio/aiff' : 'audio/wav' };
  const { applyTags } = await import('../tags/apply-tags.ts');
  const tags = await applyTags({ ...context, draft: tail }, probed);
  yield* emitPictures(tail.pictures, draft.pictures.length, out);
  for (const field of tags.fields) {
    if (!shown.has(field.path)) out.field(field);
    if (out.isFull) yield;
  }
  for (const issue of tail.issues) out.issue(issue);
  if (tags.failure) out.issue(tags.failure);
}

interface Walk {
  readonly offset: number;
  readonly endOffset: number;
  readonly isAiff: boolean;
}

/** The chunks behind the sound that hold tags, whole; the others are passed over. */
async function tagChunks({ options }: ProbeContext, pipe: PipedInput, walk: Walk): Promise<Buffer[]> {
  const maxTagBytes = positiveInteger('maxTagBytes', options.maxTagBytes ?? 16 * MiB);
  const wanted = walk.isAiff ? AIFF_TAG_CHUNKS : WAVE_TAG_CHUNKS;
  const found: Buffer[] = [];
  let { offset } = walk;
  offset += offset % 2;
  for (let count = 0; offset + 8 <= walk.endOffset && count < MAX_CHUNKS; count++) {
    const head = await take(pipe, offset, 8, options.signal);
    if (head.length < 8) break;
    const id = head.toString('latin1', 0, 4);
    const lengthBytes = walk.isAiff ? head.readUInt32BE(4) : head.readUInt32LE(4);
    const isTag = wanted.has(id) && lengthBytes <= maxTagBytes;
    const end = offset + 8 + lengthBytes;
    const body = isTag
      ? await take(pipe, offset + 8, lengthBytes, options.signal)
      : await take(pipe, end - 1, 1, options.signal);
    if (body.length < (isTag ? lengthBytes : 1))
      throw new TidegateError('ERR_TRUNCATED_INPUT', `Cannot read all of chunk ${JSON.stringify(id)}`, { offset });
    if (isTag) found.push(head, body, Buffer.alloc(lengthBytes % 2));
    offset = end + (end % 2);
  }
  return found;
}

async function take(pipe: PipedInput, offset: number, lengthBytes: number, signal?: AbortSignal): Promise<Buffer> {
  const read = pipe.readOn(offset, lengthBytes, signal);
  const chunk = isPromise(read) ? await read : read;
  const bytes = Buffer.from(chunk.bytes);
  chunk.release();
  return bytes;
}

/** A file of tags alone, for music-metadata, which asks for a format in front of them. */
function smallFile(chunks: readonly Buffer[], isAiff: boolean): Buffer {
  const format = Buffer.alloc(24);
  format.write('fmt ', 0, 'latin1');
  format.writeUInt32LE(16, 4);
  const body = Buffer.concat([Buffer.from(isAiff ? 'AIFF' : 'WAVE'), ...(isAiff ? [] : [format]), ...chunks]);
  const head = Buffer.alloc(8);
  head.write(isAiff ? 'FORM' : 'RIFF', 0, 'latin1');
  if (isAiff) head.writeUInt32BE(body.length, 4);
  else head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}
