import { open, rm } from 'node:fs/promises';
import { csvText } from '../rows/csv-text.ts';
import type { Row } from '../rows/row.ts';
import { FileWriter, sinkFailure } from '../targets/file-writer.ts';

/** Rows as CSV in a temporary file, for an engine that reads files. */
export class RowSpool {
  readonly path: string;
  readonly #text = csvText(true);
  readonly #file: FileWriter;
  #longestBytes = 0;

  private constructor(path: string, file: FileWriter) {
    this.path = path;
    this.#file = file;
  }

  /** The file `<output>.rows.tmp`: what a killed run has left of it is used again. */
  static async open(output: string): Promise<RowSpool> {
    const path = `${output}.rows.tmp`;
    try {
      return new RowSpool(path, new FileWriter(path, await open(path, 'w+', 0o600), 0));
    } catch (error) {
      throw sinkFailure('open', path, error);
    }
  }

  /** Bytes written since it was emptied. */
  get bytes(): number {
    return this.#file.offset;
  }

  /** No line of what was encoded is longer than this. */
  get longestBytes(): number {
    return this.#longestBytes;
  }

  /** Rows as text, which is for {@link add}. */
  *encode(rows: Iterable<Row>): Generator<string, void, void> {
    for (const text of this.#text.pieces(rows)) {
      // UTF-8 takes at most 3 bytes for a code unit.
      this.#longestBytes = Math.max(this.#longestBytes, text.length * 3);
      yield text;
    }
  }

  add(text: string | Uint8Array): void | Promise<void> {
    return this.#file.write(text);
  }

  /** Now who reads the file sees all of it. */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  empty(): Promise<void> {
    return this.#file.cut(0);
  }

  async close(): Promise<void> {
    await this.#file.close();
    await rm(this.path, { force: true });
  }
}
