// Builds src/formats/fits/kernel/statistics-wasm.ts from statistics.wat. Run it after every change of the source:
//   node scripts/build-fits-kernel.mjs
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import loadWabt from 'wabt';

const folder = new URL('../src/formats/fits/kernel/', import.meta.url);
const source = readFileSync(new URL('statistics.wat', folder), 'utf8');
const wabt = await loadWabt();
const parsed = wabt.parseWat('statistics.wat', source, { simd: true });
parsed.validate();
const base64 = Buffer.from(parsed.toBinary({}).buffer).toString('base64');
const sha256 = createHash('sha256').update(source).digest('hex');
writeFileSync(
  new URL('statistics-wasm.ts', folder),
  `// Built from statistics.wat by scripts/build-fits-kernel.mjs: change that file, not this one.

/** SHA-256 of the source that {@link KERNEL_BASE64} was built from. */
export const KERNEL_SOURCE_SHA256 = '${sha256}';

/** The compiled module. */
export const KERNEL_BASE64 =
  '${base64}';
`,
);
console.log(`${base64.length} characters of base64`);
