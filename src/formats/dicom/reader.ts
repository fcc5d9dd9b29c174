import { type Input, isPromise } from '../../bytes/input.ts';
import { KiB } from '../../units.ts';
import type { FormatReader } from '../format.ts';
import { readRecords } from '../read-file.ts';
import type { Recorder } from '../recorder.ts';
import { FrameSampler } from './frame-sampler.ts';
import { type DicomOptions, type DicomSettings, dicomSettings } from './options.ts';
import { PixelTracker } from './pixel-tracker.ts';
import { RecordVisitor } from './record-visitor.ts';
import { Scan } from './scan.ts';
import { Scanner } from './scanner.ts';

/** A defined-length sequence up to this long has its items counted before they are read: see docs/dicom.md. */
const COUNT_BYTES = 16 * KiB;

/** Reads DICOM files, plain, deflated or gzipped, into records; `ERR_OPTION` at the call. */
export const reader: FormatReader<DicomOptions> = {
  read(input, options = {}) {
    const settings = dicomSettings(options);
    const body = (out: Recorder) => readDicom(input, out, settings, options);
    return readRecords(input, { name: 'dicom', mediaType: 'application/dicom' }, options, body);
  },
};

async function* readDicom(
  input: Input,
  out: Recorder,
  settings: DicomSettings,
  options: DicomOptions,
): AsyncGenerator<void, void, void> {
  const pixels = settings.hasFrames ? new PixelTracker() : undefined;
  const visitor = new RecordVisitor(out, settings, pixels);
  const { maxDepth, untilTag, headerBytes } = settings;
  const scanner = new Scanner(visitor, { maxDepth, untilTag, countBytes: COUNT_BYTES });
  const scan = new Scan(input, scanner, { ...options, headerBytes });
  visitor.scan = scan;
  const frames = pixels === undefined ? undefined : new FrameSampler(scan, pixels, out, settings.chunkBytes);
  try {
    for (;;) {
      const step = scan.next();
      const isDone = isPromise(step) ? await step : step;
      if (frames !== undefined && pixels?.pending !== undefined) yield* frames.take();
      if (isDone) break;
      if (out.isFull) yield;
    }
  } catch (error) {
    visitor.abandon();
    throw error;
  } finally {
    scan.close();
  }
}
