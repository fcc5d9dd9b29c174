import type { ParquetWriter } from 'hyparquet-writer';
import { MiB } from '../../units.ts';
import { importPeer } from '../import-peer.ts';
import type { Cell, Column, Row } from '../rows/row.ts';
import type { RowFile } from '../rows/row-file.ts';
import type { ByteTarget } from '../targets/byte-target.ts';

/** When a row group is full. */
interface GroupLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** What a row counts beside its text: its numbers and levels. */
const ROW_BYTES = 64;

/** A Parquet file on its way into a target: rows are collected by column, encoded and handed on group by group. */
export class ParquetFile implements RowFile {
  readonly #columns: readonly Column[];
  readonly #limits: GroupLimits;
  readonly #writer: ParquetWriter;
  readonly #target: ByteTarget;
  #cells: Cell[][];
  #bufferedBytes = 0;

  private constructor(writer: ParquetWriter, target: ByteTarget, columns: readonly Column[], limits: GroupLimits) {
    this.#writer = writer;
    this.#target = target;
    this.#columns = columns;
    this.#limits = limits;
    this.#cells = columns.map(() => []);
  }

  /** Begins a file in `target`. `ERR_MISSING_PEER` without the package hyparquet-writer. */
  static async open(
    target: ByteTarget,
    columns: readonly Column[],
    limits: GroupLimits,
    signal: AbortSignal,
  ): Promise<ParquetFile> {
    const { ByteWriter, ParquetWriter } = await importPeer(
      'hyparquet-writer',
      '^0.17.0',
      () => import('hyparquet-writer'),
    );
    await target.start(signal);
    const bytes = new ByteWriter(MiB);
    const flush = async () => {
      const piece = bytes.getBytes();
      bytes.index = 0;
      // New memory for each group: a stream may keep what it was given (a PassThrough does).
      bytes.buffer = new ArrayBuffer(MiB);
      bytes.view = new DataView(bytes.buffer);
      if (piece.byteLength > 0) await target.write(piece);
    };
    const writer = Object.assign(bytes, { flush, finish: flush });
    const schema = [{ name: 'root', num_children: columns.length }, ...columns.map(schemaOf)];
    return new ParquetFile(new ParquetWriter({ writer, schema, createdBy: 'tidegate' }), target, columns, limits);
  }

  /** Text and numbers of the rows that wait for their group to be full, and what the target holds. */
  get bufferedBytes(): number {
    return this.#bufferedBytes + this.#target.bufferedBytes;
  }

  /** Adds a row; a promise when its group was full, which settles when the target has taken it. */
  add(row: Row): void | Promise<void> {
    let bytes = ROW_BYTES;
    for (let i = 0; i < row.length; i++) {
      const cell = row[i]!;
      if (typeof cell === 'string') bytes += cell.length;
      this.#cells[i]!.push(typeof cell === 'number' && this.#columns[i]!.type === 'int' ? BigInt(cell) : cell);
    }
    this.#bufferedBytes += bytes;
    if (this.#bufferedBytes >= this.#limits.bytes || this.#cells[0]!.length >= this.#limits.rows) return this.#flush();
  }

  /** Writes what there is and the footer, and closes the target. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#writer.finish();
    await this.#target.close();
  }

  abort(reason: unknown): void | Promise<void> {
    return this.#target.abort(reason);
  }

  async #flush(): Promise<void> {
    const rowGroupSize = this.#cells[0]!.length;
    if (rowGroupSize === 0) return;
    const columnData = this.#columns.map(({ name }, i) => ({ name, data: this.#cells[i]! }));
    this.#cells = this.#columns.map(() => []);
    this.#bufferedBytes = 0;
    await this.#writer.write({ columnData, rowGroupSize });
  }
}

const TYPES = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  int: { type: 'INT64' },
  num: { type: 'DOUBLE' },
} as const;

function schemaOf({ name, type, isRequired }: Column) {
  return { name, ...TYPES[type], repetition_type: isRequired ? ('REQUIRED' as const) : ('OPTIONAL' as const) };
}
