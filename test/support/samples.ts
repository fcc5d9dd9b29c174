import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SAMPLES } from '../../scripts/samples/samples.ts';

/** Writes the sample files of all formats into a new folder and returns its path. Caller removes it. */
export async function makeSamples(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-samples-'));
  for (const { path, make } of SAMPLES) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), await make());
  }
  return folder;
}
