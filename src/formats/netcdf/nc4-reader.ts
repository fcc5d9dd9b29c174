import type { Input } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import type { Recorder } from '../recorder.ts';
import type { HeaderWindow } from './header-window.ts';
import { openNc4 } from './nc4-open.ts';
import { Nc4Records } from './nc4-records.ts';
import { type Nc4Options, Nc4Slicer } from './nc4-slices.ts';

/** Reads a NetCDF-4 file whose first bytes are in `window`. */
export async function* readNc4(
  window: HeaderWindow,
  input: Input,
  options: Nc4Options,
  out: Recorder,
): AsyncGenerator<void, void, void> {
  const scan = yield* openNc4(window, input, options, {
    get isFull() {
      return out.isFull;
    },
    failed: ({ code, message, offset }, path) => out.issue({ code, severity: 'error', message, offset, path }),
    skipped: (path, why) => {
      const message = `${path} is left out: ${why}`;
      out.issue({ code: 'ERR_UNSUPPORTED', severity: 'info', message, path });
    },
  });
  const slicer = new Nc4Slicer(scan.file.input, options, out);
  try {
    yield* new Nc4Records(scan, out, slicer).write();
  } finally {
    await slicer.close();
    scan.file.close();
  }
  const { sizeBytes, superblock } = scan.file;
  if (superblock.endOffset > sizeBytes) {
    const message = `Cannot read all of the file: it ends at byte ${sizeBytes}, its superblock says ${superblock.endOffset}`;
    throw new TidegateError('ERR_TRUNCATED_INPUT', message, { file: input.name, offset: sizeBytes });
  }
}
