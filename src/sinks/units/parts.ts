import type { SinkUnit } from '../../flow/sink.ts';
import type { Row } from '../rows/row.ts';
import type { RowFile } from '../rows/row-file.ts';
import type { Table } from '../rows/table.ts';
import { PartFolder } from './part-folder.ts';
import type { PartTarget } from './part-target.ts';

/** What a folder of parts is made of. */
export interface PartFormat {
  /** What the parts hold: a folder of another content is not gone on with. */
  readonly content: string;
  /** With its dot. */
  readonly ending: string;
  readonly table: Table;
  openPart(target: PartTarget, signal: AbortSignal): Promise<RowFile>;
}

/** The part under way, begun with its first row. */
export class Parts {
  readonly #path: string;
  readonly #format: PartFormat;
  #folder: PartFolder | undefined;
  #signal: AbortSignal | undefined;
  #part: RowFile | undefined;
  #isEmpty = true;

  constructor(path: string, format: PartFormat) {
    this.#path = path;
    this.#format = format;
  }

  get bufferedBytes(): number {
    return this.#part?.bufferedBytes ?? 0;
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    const { ending, content } = this.#format;
    this.#folder = await PartFolder.open(this.#path, ending, content);
    // A missing package is told of before the first row.
    this.#part = await this.#format.openPart(this.#folder.nextPart(), signal);
  }

  has(unit: SinkUnit): boolean {
    return this.#folder!.has(unit);
  }

  async add(row: Row): Promise<void> {
    this.#part ??= await this.#format.openPart(this.#folder!.nextPart(), this.#signal!);
    this.#isEmpty = false;
    const full = this.#part.add(row);
    if (full) await full;
  }

  async commit(units: readonly SinkUnit[]): Promise<void> {
    const hasPart = !this.#isEmpty;
    if (hasPart) {
      await this.#part!.finish();
      this.#part = undefined;
      this.#isEmpty = true;
    }
    await this.#folder!.commit(units, hasPart);
  }

  async close(): Promise<void> {
    await this.#part?.abort(undefined);
    await this.#folder?.close();
  }

  async abort(reason: unknown): Promise<void> {
    await this.#part?.abort(reason);
    await this.#folder?.close();
  }
}
