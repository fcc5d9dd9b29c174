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

/** Of music-metadata 11.16, wherever a chunk of a WAVE file is longer than what follows it. */
const FALSE_ALARM = 'Data chunk size exceeds file size';

/** The tags of a file, ready to be emitted. */
export interface TagReading {
  readonly fields: readonly FieldBody[];
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
    return { fields: [], failure: { code, severity: 'error', message, offset } };
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
  draft.issues.push(...warnings(metadata));
  return { fields: [...commonTags(metadata.common), ...nativeTags(metadata.native)] };
}

/** Each warning once: a tag of padding has the same one for every few bytes. */
function warnings({ quality }: IAudioMetadata): IssueBody[] {
  const counts = new Map<string, number>();
  for (const { message } of quality.warnings) counts.set(message, (counts.get(message) ?? 0) + 1);
  counts.delete(FALSE_ALARM);
  return [...counts].slice(0, MAX_WARNINGS).map(([text, count]) => {
    const message = count > 1 ? `${text} (${count} times)` : text;
    return { code: 'TAG_WARNING', severity: 'info', message };
  });
}
