import type { IAudioMetadata } from 'music-metadata';
import { asTidegateError } from '../../../errors.ts';
import { positiveInteger } from '../../../options.ts';
import { MiB } from '../../../units.ts';
import type { FieldBody, IssueBody } from '../../recorder.ts';
import type { ProbeContext } from '../container.ts';
import type { Probed } from '../probe.ts';
import { readTags } from './read-tags.ts';
import { commonTags, nativeTags, pictureFacts } from './tag-fields.ts';

/** Warnings of music-metadata that are passed on. */
const MAX_WARNINGS = 100;

/** The tags of a file, ready to be emitted. */
export interface TagReading {
  fields(): Generator<FieldBody>;
  /** The tags could not be read: the rest of the file could. */
  readonly failure?: IssueBody | undefined;
}

/**
 * Reads the tags that the probe located. Pictures go to the draft. Where music-metadata is the only reader, its
 * failure is the file's; else it is an issue of its own behind all that was found.
 */
export async function applyTags({ draft, options, reader }: ProbeContext, probed: Probed): Promise<TagReading> {
  const source = draft.tagSource!;
  const maxTagBytes = positiveInteger('maxTagBytes', options.maxTagBytes ?? 16 * MiB);
  let metadata: IAudioMetadata;
  try {
    metadata = await readTags(source, { maxTagBytes, signal: options.signal });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (source.isAuthority) throw error;
    const { code, message, offset } = asTidegateError(error, 'ERR_MALFORMED');
    return { fields: noFields, failure: { code, severity: 'error', message, offset } };
  }
  if (source.isAuthority)
    (await import('../containers/library.ts')).applyLibraryFormat(
      metadata.format,
      probed.container,
      reader.sizeBytes,
      draft,
    );
  for (const picture of metadata.common.picture ?? []) draft.pictures.push(pictureFacts(picture));
  for (const chapter of metadata.format.chapters ?? [])
    draft.chapters.push({ startSeconds: chapter.start, endSeconds: chapter.end, title: chapter.title });
  for (const { message } of metadata.quality.warnings.slice(0, MAX_WARNINGS)) {
    draft.issues.push({ code: 'TAG_WARNING', severity: 'info', message });
  }
  return {
    *fields() {
      yield* commonTags(metadata.common);
      yield* nativeTags(metadata.native);
    },
  };
}

function* noFields(): Generator<FieldBody> {}
