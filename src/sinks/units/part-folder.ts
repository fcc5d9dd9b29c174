import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TidegateError } from '../../errors.ts';
import type { SinkUnit } from '../../flow/sink.ts';
import { sinkFailure } from '../targets/file-writer.ts';
import { Journal } from './journal.ts';
import { OutputLock } from './output-lock.ts';
import { PartTarget, partName, partNumber } from './part-target.ts';

/** A folder of part files and the journal beside it: a part is there when the journal has its number. */
export class PartFolder {
  readonly #path: string;
  readonly #ending: string;
  readonly #journal: Journal;
  readonly #lock: OutputLock;

  private constructor(path: string, ending: string, journal: Journal, lock: OutputLock) {
    this.#path = path;
    this.#ending = ending;
    this.#journal = journal;
    this.#lock = lock;
  }

  /** Opens or makes the folder. Parts that were not committed, and what a kill has left, are removed. */
  static async open(path: string, ending: string, content: string): Promise<PartFolder> {
    let journal: Journal | undefined;
    let lock: OutputLock | undefined;
    try {
      await mkdir(path, { recursive: true });
      lock = await OutputLock.take(path);
      journal = await Journal.open(`${path}.journal`, content);
      const names = await readdir(path);
      const parts = names.filter((name) => partNumber(name) !== undefined);
      if (journal.isNew && parts.length > 0) {
        throw new TidegateError('ERR_SINK', `Cannot go on with ${path}: it has parts and no journal beside it`);
      }
      const { reach } = journal;
      const isLeft = (name: string) => /^\.tidegate-.*\.tmp$/.test(name) || (partNumber(name) ?? 0) > reach;
      for (const name of names) if (isLeft(name)) await rm(join(path, name), { recursive: true, force: true });
      return new PartFolder(path, ending, journal, lock);
    } catch (error) {
      await journal?.close();
      await lock?.release();
      throw sinkFailure('open', path, error);
    }
  }

  has(unit: SinkUnit): boolean {
    return this.#journal.has(unit);
  }

  /** The next part, not yet begun. */
  nextPart(): PartTarget {
    return new PartTarget(join(this.#path, partName(this.#journal.reach + 1, this.#ending)));
  }

  /** Commits the part that {@link nextPart} gave and that is closed, or units without one. */
  async commit(units: readonly SinkUnit[], hasPart: boolean): Promise<void> {
    if (hasPart || units.length > 0) await this.#journal.commit(this.#journal.reach + (hasPart ? 1 : 0), units);
  }

  async close(): Promise<void> {
    await this.#journal.close();
    await this.#lock.release();
  }
}
