import type { Input } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { positiveInteger } from '../../options.ts';
import { KiB, MiB } from '../../units.ts';
import type { RecordBatches } from '../format.ts';
import { readRecords } from '../read-file.ts';
import type { Recorder } from '../recorder.ts';
import { BlockReader } from './block-reader.ts';
import type { ProbeContext } from './container.ts';
import { MediaDraft } from './draft.ts';
import { emitDraft } from './emit-draft.ts';
import { inTurn, type Part } from './in-turn.ts';
import type { MediaRequest } from './media-request.ts';
import { mediaTypeOf } from './media-type.ts';
import { once } from './once.ts';
import { PipedInput } from './piped-input.ts';
import { type Probed, probe } from './probe.ts';
import { sampleParts } from './read-samples.ts';
import { seekable } from './seekable.ts';
import type { TagReading } from './tags/apply-tags.ts';

const tagReader = once(() => import('./tags/apply-tags.ts'));

/** Reads any container of sound and pictures. `name` is the format that the records carry. */
export function readMedia(original: Input, name: 'audio' | 'video', request: MediaRequest): RecordBatches {
  return inTurn([() => openMedia(original, name, request)]);
}

async function openMedia(original: Input, name: 'audio' | 'video', request: MediaRequest): Promise<RecordBatches> {
  const maxPipeBytes = positiveInteger('maxPipeBytes', request.maxPipeBytes ?? 16 * MiB);
  const chunkBytes = positiveInteger('chunkBytes', request.chunkBytes ?? 256 * KiB);
  let reader: BlockReader | undefined;
  let failure: unknown;
  try {
    const input = await seekable(original, maxPipeBytes, request.signal);
    // A local read costs by its bytes, a request to a server by itself
    const mostBytes = input.localPath === undefined ? 64 * KiB : 16 * KiB;
    const blockBytes = Math.min(mostBytes, Math.max(4 * KiB, chunkBytes));
    reader = new BlockReader(input, { blockBytes, blockCount: 16, signal: request.signal });
  } catch (error) {
    failure = error;
  }
  const mediaType = reader ? await mediaTypeOf(reader, name, request.signal) : 'application/octet-stream';
  const pipe = reader?.input instanceof PipedInput ? reader.input : undefined;
  const shown = reader && !pipe ? reader.input : original;
  return readRecords(shown, { name, mediaType }, request, (out) => {
    if (!reader) throw failure;
    return bodyOf(reader, out, request, pipe);
  });
}

/** What describes the file, then the samples that were asked for, then what a pipe has behind them. */
function bodyOf(
  reader: BlockReader,
  out: Recorder,
  options: MediaRequest,
  pipe: PipedInput | undefined,
): AsyncGenerator<void, void, void> {
  const maxObjects = positiveInteger('maxObjects', options.maxObjects ?? Number.POSITIVE_INFINITY);
  const context: ProbeContext = { reader, draft: new MediaDraft(), options, maxObjects, pipe };
  const shown = new Set<string>();
  let probed: Probed | undefined;
  const description = async function* (): AsyncGenerator<void> {
    probed = yield* describe(context, shown, out);
  };
  const samples = (): readonly Part<void>[] => sampleParts(context, probed!, out, options);
  const tail = async (): Promise<AsyncGenerator<void> | undefined> =>
    pipe && (await import('./pcm/piped-tail.ts')).pipedTail(context, probed!, shown, out);
  return inTurn([description, samples, tail], () => reader.release());
}

/** Adds what the header and the tags tell. `shown`: paths of the tags, where more of them may come behind the sound. */
async function* describe(context: ProbeContext, shown: Set<string>, out: Recorder): AsyncGenerator<void, Probed> {
  const { draft, options, pipe } = context;
  let probed: Probed | undefined;
  let failure: unknown;
  let tags: TagReading | undefined;
  try {
    probed = await probe(context);
    if (options.tags !== false && draft.tagSource) tags = await (await tagReader()).applyTags(context, probed);
  } catch (error) {
    failure = error;
  }
  options.signal?.throwIfAborted();
  if (draft.container !== '' && (draft.streams.length > 0 || draft.durationSeconds !== undefined))
    yield* emitDraft(draft, out);
  else for (const issue of draft.issues) out.issue(issue);
  if (tags) {
    for (const field of tags.fields) {
      out.field(field);
      if (pipe) shown.add(field.path);
      if (out.isFull) yield;
    }
    if (tags.failure) out.issue(tags.failure);
  }
  for (const [name, value] of draft.tags) out.field({ path: `tags/${name}`, key: name, name, dtype: 'string', value });
  if (failure) throw failure;
  if (!probed) throw new TidegateError('ERR_INTERNAL', 'Cannot go on: nothing was probed');
  return probed;
}
