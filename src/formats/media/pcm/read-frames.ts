import { isPromise } from '../../../bytes/input.ts';
import { TidegateError } from '../../../errors.ts';
import { KiB } from '../../../units.ts';
import type { Recorder } from '../../recorder.ts';
import type { ProbeContext } from '../container.ts';
import type { AudioFrameOptions } from '../options.ts';
import { blockDecoder } from './block-decoder.ts';
import { kindBytes, type PcmLayout } from './layout.ts';
import { type SoundWindow, SoundWindows } from './sound-windows.ts';
import { windowSample } from './window-sample.ts';

/** A chunk is given back before its records are handed on: this bounds them where `hop` is small. */
const MAX_WINDOWS_PER_CHUNK = 4096;

/** One sample record per stretch of the sound of a PCM file. Holds one chunk, and its mono mix where it is not of 16 bits. */
export async function* readPcmFrames(
  { reader, options, pipe }: ProbeContext,
  layout: PcmLayout,
  frames: AudioFrameOptions,
  out: Recorder,
): AsyncGenerator<void> {
  const frameBytes = kindBytes(layout.kind) * layout.channels;
  const mostFrames = (frames.hop ?? frames.size) * MAX_WINDOWS_PER_CHUNK;
  const chunkFrames = Math.max(1, Math.min(mostFrames, Math.floor((options.chunkBytes ?? 256 * KiB) / frameBytes)));
  const decode = blockDecoder(layout.kind, layout.channels);
  const windows = new SoundWindows(frames);
  const endOffset = layout.dataOffset + layout.dataBytes - (layout.dataBytes % frameBytes);
  for (let offset = layout.dataOffset; offset < endOffset; ) {
    const wantedBytes = Math.min(chunkFrames * frameBytes, endOffset - offset);
    const read = pipe
      ? pipe.readOn(offset, wantedBytes, options.signal)
      : reader.input.read(offset, wantedBytes, options.signal);
    const chunk = isPromise(read) ? await read : read;
    let count = 0;
    try {
      const block = decode(chunk.bytes);
      count = block.count;
      for (const window of windows.push(block)) sample(window, layout, frameBytes, out);
    } finally {
      chunk.release();
    }
    if (count === 0 && layout.isEndless) break;
    if (count === 0) throw truncated(reader.input.name, offset, wantedBytes);
    offset += count * frameBytes;
    if (out.isFull) yield;
  }
  for (const window of windows.end()) {
    sample(window, layout, frameBytes, out);
    if (out.isFull) yield;
  }
}

function truncated(file: string, offset: number, neededBytes: number): TidegateError {
  const message = `Cannot read the sound: ${neededBytes} bytes expected at ${offset}, the input ends before`;
  return new TidegateError('ERR_TRUNCATED_INPUT', message, { file, offset, neededBytes });
}

function sample(window: SoundWindow, layout: PcmLayout, frameBytes: number, out: Recorder): void {
  const offset = layout.dataOffset + window.start * frameBytes;
  out.sample({ ...windowSample('stream[0]', window, layout.sampleRate), offset, length: window.count * frameBytes });
}
