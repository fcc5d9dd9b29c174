import { open } from 'node:fs/promises';
import { TidegateError } from '../../errors.ts';
import type { SinkUnit } from '../../flow/sink.ts';
import type { ByteTarget } from '../targets/byte-target.ts';
import { FileWriter, sinkFailure } from '../targets/file-writer.ts';
import { Journal } from './journal.ts';
import { OutputLock } from './output-lock.ts';

/**
 * A file that grows, run by run, and the journal of what is committed of it. Opened again it is cut back to where the
 * last commit ended. The bytes are durable before the journal says so.
 */
export class AppendTarget implements ByteTarget {
  readonly name: string;
  readonly #content: string;
  #file: FileWriter | undefined;
  #journal: Journal | undefined;
  #lock: OutputLock | undefined;

  /** `content` says what the file holds; one of another content is not gone on with. */
  constructor(path: string, content: string) {
    this.name = path;
    this.#content = content;
  }

  get bufferedBytes(): number {
    return this.#file?.bufferedBytes ?? 0;
  }

  /** Whether nothing is committed yet. */
  get isNew(): boolean {
    return this.#journal?.reach === 0;
  }

  has(unit: SinkUnit): boolean {
    return this.#journal!.has(unit);
  }

  async start(): Promise<void> {
    try {
      this.#lock = await OutputLock.take(this.name);
      const handle = await open(this.name, 'a+');
      const { size } = await handle.stat();
      await handle.close();
      this.#journal = await Journal.open(`${this.name}.journal`, this.#content);
      const { reach } = this.#journal;
      if (this.#journal.isNew && size > 0) {
        throw new TidegateError('ERR_SINK', `Cannot go on with ${this.name}: it has no journal beside it`);
      }
      if (size < reach) {
        const message = `Cannot go on with ${this.name}: it has ${size} bytes, and ${reach} by its journal`;
        throw new TidegateError('ERR_SINK', message, { file: this.name });
      }
      this.#file = new FileWriter(this.name, await open(this.name, 'r+'), reach);
      await this.#file.cut(reach);
    } catch (error) {
      await this.#close();
      throw sinkFailure('open', this.name, error);
    }
  }

  write(piece: string | Uint8Array): void | Promise<void> {
    return this.#file!.write(piece);
  }

  /** All that is written becomes durable, with these units. */
  async commit(units: readonly SinkUnit[]): Promise<void> {
    if (units.length === 0 && this.#file!.offset === this.#journal!.reach) return;
    await this.#file!.sync();
    await this.#journal!.commit(this.#file!.offset, units);
  }

  /** What is not committed is cut off. */
  async close(): Promise<void> {
    if (this.#file !== undefined && this.#file.offset > this.#journal!.reach) {
      await this.#file.cut(this.#journal!.reach);
    }
    await this.#close();
  }

  abort(): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const [file, journal, lock] = [this.#file, this.#journal, this.#lock];
    this.#file = undefined;
    this.#journal = undefined;
    this.#lock = undefined;
    await file?.close();
    await journal?.close();
    await lock?.release();
  }
}
