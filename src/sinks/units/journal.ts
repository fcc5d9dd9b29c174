import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TidegateError } from '../../errors.ts';
import type { SinkUnit } from '../../flow/sink.ts';
import { FileWriter, sinkFailure } from '../targets/file-writer.ts';
import { syncFolder } from '../targets/folder-sync.ts';
import { textLines } from './text-lines.ts';
import { unitDigest } from './unit-digest.ts';

/** One commit: how far the output reaches with it, and what it brought. */
interface Entry {
  readonly reach: number;
  readonly units: readonly string[];
}

/** What a journal holds. */
interface Entries {
  readonly units: Set<string>;
  readonly reach: number;
  readonly wholeBytes: number;
}

/**
 * What is committed of an output: a file beside it with a line for each commit. It grows at its end only; a line that
 * a kill has torn is cut off when it is opened again. Units are digests of name and identity, nothing that they hold.
 */
export class Journal {
  readonly #file: FileWriter;
  readonly #units: Set<string>;
  /** It was made just now. */
  readonly isNew: boolean;
  #reach: number;

  private constructor(file: FileWriter, { units, reach, wholeBytes }: Entries) {
    this.#file = file;
    this.#units = units;
    this.#reach = reach;
    this.isNew = wholeBytes === 0;
  }

  /** Opens or makes the journal at `path`. `content` says what the output holds: another content is `ERR_SINK`. */
  static async open(path: string, content: string): Promise<Journal> {
    const head = `${JSON.stringify({ tidegate: 'journal', version: 1, content })}\n`;
    const handle = await open(path, 'a+').catch((error: unknown) => {
      throw sinkFailure('open', path, error);
    });
    await handle.close();
    const file = new FileWriter(path, await open(path, 'r+'), 0);
    try {
      const entries = await readEntries(path, head);
      await file.cut(entries.wholeBytes);
      if (entries.wholeBytes === 0) {
        await file.write(head);
        await file.sync();
        await syncFolder(dirname(path));
      }
      return new Journal(file, entries);
    } catch (error) {
      await file.close();
      throw sinkFailure('open', path, error);
    }
  }

  /** How far the output is committed: bytes of a file, or parts of a folder. */
  get reach(): number {
    return this.#reach;
  }

  has(unit: SinkUnit): boolean {
    return this.#units.has(unitDigest(unit));
  }

  /** Commits: what the output holds up to `reach` must be durable already. */
  async commit(reach: number, units: readonly SinkUnit[]): Promise<void> {
    const digests = units.map(unitDigest);
    await this.#file.write(`${JSON.stringify({ reach, units: digests } satisfies Entry)}\n`);
    await this.#file.sync();
    this.#reach = reach;
    for (const digest of digests) this.#units.add(digest);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

async function readEntries(path: string, head: string): Promise<Entries> {
  const units = new Set<string>();
  let wholeBytes = 0;
  let reach = 0;
  for await (const line of textLines(createReadStream(path))) {
    if (wholeBytes === 0) {
      if (`${line}\n` !== head) {
        const message = `Cannot go on with ${path}: it is the journal of another output, expected ${head.trimEnd()}`;
        throw new TidegateError('ERR_SINK', message, { file: path });
      }
    } else {
      const entry = JSON.parse(line) as Entry;
      reach = entry.reach;
      for (const unit of entry.units) units.add(unit);
    }
    wholeBytes += Buffer.byteLength(line) + 1;
  }
  return { wholeBytes, units, reach };
}
