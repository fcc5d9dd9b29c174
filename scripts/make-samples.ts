/** Writes the sample files: `node build/scripts/make-samples.js [folder]`, by default `samples`. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SAMPLES } from './samples/samples.ts';

const folder = process.argv[2] ?? 'samples';
const mtime = new Date('2024-02-29T12:00:00Z');

for (const { path, make } of SAMPLES) {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, await make());
  utimesSync(target, mtime, mtime);
}
console.log(`${SAMPLES.length} sample files in ${folder}/`);
