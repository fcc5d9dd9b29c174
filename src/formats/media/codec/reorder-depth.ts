import { reorderOfH264 } from './reorder-h264.ts';
import { reorderOfHevc } from './reorder-hevc.ts';
import { reorderOfMpeg2, reorderOfMpeg4 } from './reorder-mpeg.ts';

/** Codecs whose packets are stored in the order in which they are shown. */
const NEVER_REORDERED: ReadonlySet<string> = new Set([
  'vp8',
  'vp9',
  'av1',
  'mjpeg',
  'theora',
  'prores',
  'rawvideo',
  'ffv1',
]);

/**
 * How many pictures a decoder holds back to show them in order, as the codec's configuration declares it;
 * `undefined` where it does not.
 */
export function reorderDepth(codec: string | undefined, config: Buffer): number | undefined {
  if (codec === undefined) return undefined;
  if (NEVER_REORDERED.has(codec)) return 0;
  if (codec === 'h264') return reorderOfH264(config);
  if (codec === 'hevc') return reorderOfHevc(config);
  if (codec === 'mpeg4') return reorderOfMpeg4(config);
  if (codec === 'mpeg2video') return reorderOfMpeg2(config);
  return undefined;
}
