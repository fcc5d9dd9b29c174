import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

/** A new folder that is gone after the test. */
export function tempFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The path of a new file of these bytes, gone after the test. */
export function tempFile(t: ExecutionContext, bytes: Uint8Array | string, name = 'input.bin'): string {
  const path = join(tempFolder(t), name);
  writeFileSync(path, bytes);
  return path;
}

/** The path of a new file of so many zeros that take no place on the disk, gone after the test. */
export function sparseFile(t: ExecutionContext, sizeBytes: number, head: Uint8Array = Buffer.alloc(0)): string {
  const path = tempFile(t, head, 'sparse.bin');
  truncateSync(path, sizeBytes);
  return path;
}
