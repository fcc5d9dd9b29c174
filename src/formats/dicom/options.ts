import { TidegateError } from '../../errors.ts';
import { nonNegativeInteger, oneOf, positiveInteger } from '../../options.ts';
import { KiB } from '../../units.ts';
import type { ReadOptions } from '../format.ts';
import { tagOf } from './dictionary.ts';

/** Options of the DICOM reader. Tags are PS3.6 keywords (`'StudyDate'`) or eight hex digits (`'00080020'`). */
export interface DicomOptions extends ReadOptions {
  /** Stop before the first top-level element with this tag or a later one. @defaultValue the end of the file */
  readonly untilTag?: string | undefined;
  /**
   * Only these top-level elements, with all that is in them; reading stops when the last of them is passed.
   * @defaultValue all
   */
  readonly tags?: readonly string[] | undefined;
  /**
   * Values of more bytes are not read, their fields are `bulk`. 64 bytes of binary and 1,024 elements remain the most
   * that a record carries. @defaultValue 64 KiB
   */
  readonly deferBytes?: number | undefined;
  /** The fragments of encapsulated Pixel Data as samples. @defaultValue false */
  readonly fragments?: boolean | undefined;
  /** `'stream'`: a sample for each frame, with its place and statistics. @defaultValue `'skip'` */
  readonly pixelData?: 'skip' | 'stream' | undefined;
  /**
   * Decompressed bytes per compressed byte before `ERR_LIMIT`. Blank images reach 600; deflate itself cannot exceed
   * 1,032. @defaultValue 1000
   */
  readonly maxInflateRatio?: number | undefined;
  /** Bytes per read of headers, once they are read in sequence. @defaultValue 64 KiB */
  readonly headerBytes?: number | undefined;
}

/** {@link DicomOptions} with their defaults, tags as numbers. */
export interface DicomSettings {
  /** First tag that is not read. */
  readonly untilTag: number;
  readonly tags: ReadonlySet<number> | undefined;
  readonly deferBytes: number;
  readonly maxDepth: number;
  readonly hasFragments: boolean;
  readonly hasFrames: boolean;
  readonly headerBytes: number;
  readonly chunkBytes: number;
}

/** Reads the options; `ERR_OPTION` at once for one that cannot be used. */
export function dicomSettings(options: DicomOptions): DicomSettings {
  const tags = options.tags === undefined ? undefined : new Set(options.tags.map((name) => tagOption('tags', name)));
  const lastTag = tags === undefined ? 0xffffffff : Math.max(...tags);
  const untilTag = options.untilTag === undefined ? 0x1_0000_0000 : tagOption('untilTag', options.untilTag);
  const hasFrames = oneOf('pixelData', options.pixelData ?? 'skip', ['skip', 'stream']) === 'stream';
  const hasFragments = options.fragments ?? false;
  if (hasFrames && hasFragments) {
    const message = "Cannot use option fragments: pixelData 'stream' gives samples of the same path";
    throw new TidegateError('ERR_OPTION', message, { option: 'fragments' });
  }
  return {
    untilTag: Math.min(untilTag, lastTag + 1),
    tags,
    deferBytes: nonNegativeInteger('deferBytes', options.deferBytes ?? 64 * KiB),
    maxDepth: positiveInteger('maxDepth', options.maxDepth ?? 256),
    hasFragments,
    hasFrames,
    headerBytes: positiveInteger('headerBytes', options.headerBytes ?? 64 * KiB),
    chunkBytes: positiveInteger('chunkBytes', options.chunkBytes ?? 256 * KiB),
  };
}

function tagOption(option: string, name: string): number {
  const tag = tagOf(name);
  if (tag !== undefined) return tag;
  const message = `Cannot use option ${option}: expected a keyword of PS3.6 or eight hex digits, got '${name}'`;
  throw new TidegateError('ERR_OPTION', message, { option });
}
