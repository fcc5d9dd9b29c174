import type { BudgetGauge } from '../../memory/lender.ts';
import type { ReadOptions } from '../format.ts';

/** Where decoded frames and rare containers come from. */
export interface FfmpegOptions {
  /** Path of the ffmpeg program. @defaultValue `FFMPEG_PATH`, then `PATH`, then `@ffmpeg-installer/ffmpeg` */
  readonly path?: string | undefined;
  /** Decoder threads (`-threads`). @defaultValue 1 */
  readonly threads?: number | undefined;
  /** Largest picture that is decoded, width x height (`-max_pixels`). @defaultValue 67,108,864 */
  readonly maxPixels?: number | undefined;
  /** Wall time of one child process before it is ended with `ERR_TIMEOUT`. @defaultValue Infinity */
  readonly timeoutMs?: number | undefined;
  /** Time without a byte while somebody waits for one before `ERR_TIMEOUT`. @defaultValue 30,000 */
  readonly idleTimeoutMs?: number | undefined;
  /** Counts the resident memory of the child processes, once a second: a `MemoryBudget`. @defaultValue none */
  readonly budget?: { gauge(name: string): BudgetGauge } | undefined;
  /** The same, told: 0 when the process is gone. */
  readonly onRssBytes?: ((bytes: number) => void) | undefined;
}

/** Which stretches of sound become one sample record each. */
export interface AudioFrameOptions {
  /** PCM frames (one value of each channel) in a stretch. */
  readonly size: number;
  /** PCM frames from one start to the next. @defaultValue `size` */
  readonly hop?: number | undefined;
}

/** Which decoded pictures become one sample record each; exactly one of the first three. */
export interface VideoFrameOptions {
  /** Every n-th picture in presentation order, from the first. */
  readonly every?: number | undefined;
  /** The first picture at or after each multiple of this many seconds. */
  readonly everySeconds?: number | undefined;
  /** Pictures that need no other picture (skips the decoding of the rest). */
  readonly keyframes?: boolean | undefined;
  /** Adds `rgb` (raw 8-bit RGB, row by row) or a JPEG of this width to each value. @defaultValue none */
  readonly thumbnail?: { readonly kind: 'rgb' | 'jpeg'; readonly width: number } | undefined;
}

/** Options of the audio and video readers. */
export interface MediaOptions extends ReadOptions {
  /** Bytes of one tag (a picture, an ID3 block) before `ERR_LIMIT`. @defaultValue 16 MiB */
  readonly maxTagBytes?: number | undefined;
  /** Bytes that an input that cannot seek (a pipe) may have: it is held in memory. @defaultValue 16 MiB */
  readonly maxPipeBytes?: number | undefined;
  /** Reads tags (`tags/*`, `native/*`, pictures) with music-metadata. @defaultValue true */
  readonly tags?: boolean | undefined;
  /** Uses ffmpeg for what the native readers lack: `true` or its settings. @defaultValue false */
  readonly ffmpeg?: boolean | FfmpegOptions | undefined;
}

/** Options of the audio reader. */
export interface AudioOptions extends MediaOptions {
  /** One sample record `{ rms, peak, zeroCrossingRate }` per stretch of sound. @defaultValue none */
  readonly frames?: AudioFrameOptions | undefined;
}

/** Options of the video reader. */
export interface VideoOptions extends MediaOptions {
  /** One sample record `{ keyframe, dts, pts }` per packet. @defaultValue false */
  readonly packets?: boolean | undefined;
  /** One sample record per sampled picture (needs ffmpeg). @defaultValue none */
  readonly frames?: VideoFrameOptions | undefined;
}
