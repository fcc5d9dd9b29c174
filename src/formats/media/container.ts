import type { BlockReader } from './block-reader.ts';
import type { MediaDraft } from './draft.ts';
import type { MediaOptions } from './options.ts';
import type { PipedInput } from './piped-input.ts';

/** What a container's reader works with. */
export interface ProbeContext {
  readonly reader: BlockReader;
  /** Filled as things are found. */
  readonly draft: MediaDraft;
  readonly options: MediaOptions;
  readonly maxObjects: number;
  /** Set where the input is a long pipe: what is behind its start comes once. */
  readonly pipe?: PipedInput | undefined;
}
