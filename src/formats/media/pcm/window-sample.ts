import { jsonNumber } from '../../../json-value.ts';
import type { SampleBody } from '../../recorder.ts';
import type { SoundWindow } from './sound-windows.ts';

/** A stretch of sound as a sample record. A float file may hold NaN and infinities. */
export function windowSample(path: string, window: SoundWindow, sampleRate: number): SampleBody {
  const { index, start, rms, peak, zeroCrossingRate } = window;
  const value = { rms: jsonNumber(rms), peak: jsonNumber(peak), zeroCrossingRate };
  return { path, index, time: start / sampleRate, value };
}
