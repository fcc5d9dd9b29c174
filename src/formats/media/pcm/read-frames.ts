import { isPromise } from '../../../bytes/input.ts';
import { KiB } from '../../../units.ts';
import type { Recorder } from '../../recorder.ts';
import type { ProbeContext } from '../container.ts';
import type { AudioFrameOptions } from '../options.ts';
import { kindBytes, type PcmLayout } from './layout.ts';
import { monoDecoder } from './mono-decoder.ts';
import { type SoundWindow, SoundWindows } from './sound-windows.ts';
import { windowSample } from './window-sample.ts';

/** One sample record per stretch of the sound of a PCM file. Holds one chunk and its mono mix. */
export async function* readPcmFrames(
  { reader, options }: ProbeContext,
  layout: PcmLayout,
  frames: AudioFrameOptions,
  out: Recorder,
): AsyncGenerator<void> {
  const frameBytes = kindBytes(layout.kind) * layout.channels;
  const chunkFrames = Math.max(1, Math.floor((options.chunkBytes ?? 256 * KiB) / frameBytes));
  const decode = monoDecoder(layout.kind, layout.channels);
  const windows = new SoundWindows(frames);
  const mono = new Float64Array(chunkFrames);
  const endOffset = layout.dataOffset + layout.dataBytes - (layout.dataBytes % frameBytes);
  for (let offset = layout.dataOffset; offset < endOffset; ) {
    const wantedBytes = Math.min(chunkFrames * frameBytes, endOffset - offset);
    const read = reader.input.read(offset, wantedBytes, options.signal);
    const chunk = isPromise(read) ? await read : read;
    let count: number;
    try {
      count = decode(chunk.bytes, mono);
    } finally {
      chunk.release();
    }
    if (count === 0) throw reader.truncated(offset, wantedBytes, 'the sound');
    for (const window of windows.push(mono, count)) {
      sample(window, layout, frameBytes, out);
      if (out.isFull) yield;
    }
    offset += count * frameBytes;
  }
  for (const window of windows.end()) {
    sample(window, layout, frameBytes, out);
    if (out.isFull) yield;
  }
}

function sample(window: SoundWindow, layout: PcmLayout, frameBytes: number, out: Recorder): void {
  const offset = layout.dataOffset + window.start * frameBytes;
  out.sample({ ...windowSample('stream[0]', window, layout.sampleRate), offset, length: window.count * frameBytes });
}
