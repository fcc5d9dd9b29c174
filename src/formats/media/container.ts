import type { BlockReader } from './block-reader.ts';
import type { MediaDraft } from './draft.ts';
import type { MediaOptions } from './options.ts';

/** What a container's reader works with. */
export interface ProbeContext {
  readonly reader: BlockReader;
  /** Filled as things are found. */
  readonly draft: MediaDraft;
  readonly options: MediaOptions;
  readonly maxObjects: number;
}
