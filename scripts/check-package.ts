/**
 * Packs the package, looks at what is in it, installs it beside rxjs in an empty folder, and runs the command and an
 * import there: what a user gets, without anything of the checkout.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const ALLOWED = /^(build\/src\/.*\.(js|d\.ts)|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
const REQUIRED = ['README.md', 'CHANGELOG.md', 'LICENSE', 'build/src/index.js', 'build/src/cli/bin.js'];

const folder = mkdtempSync(join(tmpdir(), 'tidegate-package-'));
try {
  const tarball = pack();
  install(tarball);
  runCommand();
  runImport();
  console.log('The package installs, its command and its entries run');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function pack(): string {
  const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], root));
  const paths: string[] = packed.files.map((file: { path: string }) => file.path);
  const strangers = paths.filter((path) => !ALLOWED.test(path));
  const missing = REQUIRED.filter((path) => !paths.includes(path));
  if (strangers.length > 0) throw new Error(`The package has what it should not: ${strangers.join(', ')}`);
  if (missing.length > 0) throw new Error(`The package lacks ${missing.join(', ')}`);
  console.log(`${paths.length} files, ${packed.size} bytes packed, ${packed.unpackedSize} unpacked`);
  return join(folder, packed.filename);
}

function install(tarball: string): void {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  npm(['install', '--no-audit', '--no-fund', '--omit=optional', tarball, 'rxjs@7'], folder);
}

function runCommand(): void {
  writeFileSync(join(folder, 'notes'), 'Bytes in, records out.\n');
  const tidegate = (...args: string[]) => npm(['exec', '--no', '--', 'tidegate', ...args], folder);
  expect('tidegate --help', tidegate('--help'), /^Usage: tidegate[\s\S]*extract/);
  expect('tidegate formats', tidegate('formats'), /dicom/);
  expect('tidegate extract', tidegate('extract', 'notes'), /"kind":"end","status":"ok"/);
}

function runImport(): void {
  const entries = Object.keys(JSON.parse(npm(['pkg', 'get', 'exports'], root))).filter(
    (entry) => !/\.json$/.test(entry),
  );
  const imports = entries.map((entry) => `await import('${entry.replace('.', 'tidegate')}')`).join(';\n');
  writeFileSync(join(folder, 'entries.mjs'), `${imports};\nconsole.log('imported');\n`);
  const output = execFileSync(process.execPath, ['entries.mjs'], { cwd: folder, encoding: 'utf8' });
  expect(`import of ${entries.join(', ')}`, output, /^imported$/m);
}

function expect(what: string, output: string, pattern: RegExp): void {
  if (!pattern.test(output)) throw new Error(`${what} printed what does not match ${pattern}:\n${output}`);
  console.log(`${what}: as expected`);
}
