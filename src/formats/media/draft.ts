import type { Json } from '../../records.ts';
import type { IssueBody } from '../recorder.ts';
import type { ByteSource } from './block-reader.ts';

/** What a stream carries. */
export type StreamType = 'audio' | 'video' | 'subtitle' | 'data' | 'attachment';

/** One stream of a file, in the order of its number. */
export interface StreamFacts {
  readonly type: StreamType;
  /** FFmpeg's name of the codec. */
  readonly codec?: string | undefined;
  /** sampleRate, channels, width, height ...: what is undefined is left out of the record. */
  readonly attributes: Readonly<Record<string, Json | undefined>>;
}

/** A named stretch of time. */
export interface ChapterFacts {
  readonly startSeconds: number;
  readonly endSeconds?: number | undefined;
  readonly title?: string | undefined;
}

/** An embedded picture: what it is, not its bytes. */
export interface PictureFacts {
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly type?: string | undefined;
  readonly description?: string | undefined;
}

/** What music-metadata shall read the tags from. */
export interface TagSource {
  readonly source: ByteSource;
  /** Chooses its parser. */
  readonly mediaType: string;
  /** Its findings on codec, rate and duration are used too: there is no reader of our own. */
  readonly isAuthority?: boolean | undefined;
}

/** What is known of a file so far. A container's reader fills it, so that an error leaves what came before it. */
export class MediaDraft {
  container = '';
  durationSeconds: number | undefined;
  bitRate: number | undefined;
  /** Further `format/...` fields, by name. */
  readonly format: Map<string, Json> = new Map();
  readonly streams: StreamFacts[] = [];
  readonly chapters: ChapterFacts[] = [];
  readonly pictures: PictureFacts[] = [];
  readonly issues: IssueBody[] = [];
  /** Tags that came without music-metadata, by name. */
  readonly tags: [name: string, value: string][] = [];
  tagSource: TagSource | undefined;
  /** Of a long pipe: where its sound ends, and its container. What is between is looked at when it comes. */
  tail: { readonly offset: number; readonly endOffset: number } | undefined;
}
