import type { AudioFrameOptions, MediaOptions, VideoFrameOptions } from './options.ts';

/** What a reader asks for beyond the header. */
export interface MediaRequest extends MediaOptions {
  readonly soundFrames?: AudioFrameOptions | undefined;
  readonly pictures?: VideoFrameOptions | undefined;
  readonly packets?: boolean | undefined;
}
