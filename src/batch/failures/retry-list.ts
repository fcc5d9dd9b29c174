import { hash, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openInput } from '../../bytes/open-input.ts';
import { TidegateError } from '../../errors.ts';
import type { ExtractionRecord } from '../../records.ts';
import type { Found } from '../find/found.ts';
import { foundInLine } from '../find/found-in-line.ts';
import { readLines } from '../find/read-lines.ts';
import type { FailedFile } from './failed-file.ts';

/**
 * A list of dead letters that is gone through. What then succeeds is not in the new list; what fails again, what the
 * run did not come to, and what is no letter, is. The new list takes the place of the old one when the run is over:
 * until then, and after a crash, the old one is as it was. Holds the lines of the files under way, and 16 characters
 * for every line that it has read, since a list may name a file twice.
 */
export class RetryList {
  readonly #path: string;
  readonly #temporaryPath: string;
  readonly #fd: number;
  readonly #underWay = new Map<string, string>();
  readonly #seen = new Set<string>();
  #isClosed = false;

  /** `ERR_SINK` if there is no room beside the list. */
  constructor(path: string) {
    this.#path = path;
    this.#temporaryPath = join(dirname(path), `.tidegate-${randomUUID().slice(0, 13)}.tmp`);
    this.#fd = guarded(path, () => openSync(this.#temporaryPath, 'wx'));
  }

  /** The files that are named, each once; from `stop` on they are kept instead. */
  async *files(stop: AbortSignal | undefined, signal: AbortSignal): AsyncGenerator<Found, void, void> {
    const input = await openInput(this.#path);
    try {
      for await (const line of readLines(input, signal)) {
        if (line === undefined || line.trim() === '') continue;
        const found = foundInLine(line);
        if (found === undefined || stop?.aborted) this.#keep(line);
        else if (this.#isNew(found.path)) {
          this.#underWay.set(found.path, line);
          yield found;
        }
      }
    } finally {
      await input.close();
    }
  }

  /** It has failed again. */
  failed(letter: FailedFile): void {
    this.#underWay.delete(letter.file);
    this.#keep(JSON.stringify(letter));
  }

  /** What has succeeded is no longer under way. */
  see(batch: readonly ExtractionRecord[]): void {
    for (const record of batch) {
      if (record.kind === 'end' && record.status === 'ok') this.#underWay.delete(record.file);
    }
  }

  /** The run is over: the new list takes the place of the old one. */
  finish(): void {
    guarded(this.#path, () => {
      for (const line of this.#underWay.values()) this.#keep(line);
      fsyncSync(this.#fd);
      closeSync(this.#fd);
      this.#isClosed = true;
      renameSync(this.#temporaryPath, this.#path);
    });
  }

  /** The old list stays. */
  abandon(): void {
    if (!this.#isClosed) closeSync(this.#fd);
    this.#isClosed = true;
    rmSync(this.#temporaryPath, { force: true });
  }

  #isNew(path: string): boolean {
    const before = this.#seen.size;
    this.#seen.add(digest(path));
    return this.#seen.size > before;
  }

  #keep(line: string): void {
    guarded(this.#path, () => writeSync(this.#fd, `${line}\n`));
  }
}

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const message = `Cannot write the list of dead letters ${path}: ${(cause as Error).message}`;
    throw new TidegateError('ERR_SINK', message, { file: path, cause });
  }
}

/** 64 bits: of a million names, two are taken for one with a chance of 1 in 30 million. */
function digest(path: string): string {
  return hash('sha256', path).slice(0, 16);
}
