import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { File, ready } from 'h5wasm/node';

/** An HDF5 file: a group with an attribute, and a chunked, compressed signal of 10 x 100 floats in it. */
export async function signalFile(): Promise<Buffer> {
  await ready;
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-sample-'));
  const path = join(folder, 'signal.h5');
  const { now } = Date;
  // The library writes the time of day into the file, and the samples are to be the same in every run.
  Date.now = () => Date.UTC(2024, 1, 29, 12);
  try {
    write(path);
    return readFileSync(path);
  } finally {
    Date.now = now;
    rmSync(folder, { recursive: true });
  }
}

function write(path: string): void {
  const file = new File(path, 'w');
  const run = file.create_group('run');
  run.create_attribute('operator', 'Ada');
  const signal = run.create_dataset({
    name: 'signal',
    data: Float32Array.from({ length: 1000 }, (_, index) => Math.sin(index / 50)),
    shape: [10, 100],
    chunks: [5, 100],
    compression: 4,
  });
  signal.create_attribute('units', 'V');
  file.close();
}
