import type { Sink, SinkUnit, UnitState } from '../../flow/sink.ts';
import type { ExtractionRecord } from '../../records.ts';
import { FileRows } from '../../sinks/rows/file-rows.ts';
import { recordRows } from '../../sinks/rows/flat.ts';
import type { Cell, Row } from '../../sinks/rows/row.ts';
import { type ByteDestination, openTarget } from '../../sinks/targets/destination.ts';
import type { Bookmarks } from './bookmarks.ts';
import { STREAMS, type Stream, schemaOf } from './streams.ts';

/** Options for {@link toSinger}. */
interface SingerOptions {
  readonly bookmarks: Bookmarks;
  /** @defaultValue all streams with all columns */
  readonly streams?: readonly Stream[] | undefined;
  /** Whether the run has seen all of its files: then the last state forgets those that are gone. */
  readonly isComplete: () => boolean;
}

const STATE_MS = 10_000;
/** A state has all files in it: the more there are, the fewer states, so that they do not outweigh the records. */
const STATE_SHARE = 16;

/**
 * Messages of a Singer tap: SCHEMA for each stream first, RECORD for each row, and STATE for files all of whose records
 * are out. What failed is in no state: the next run tries it again.
 */
export function toSinger(destination: ByteDestination, options: SingerOptions): Sink<ExtractionRecord> {
  const { bookmarks, streams = STREAMS, isComplete } = options;
  const target = openTarget(destination, {});
  const records = streams.find(({ name }) => name === 'records');
  const files = streams.find(({ name }) => name === 'files');
  const ledger = new FileRows();
  const failed = new Set<string>();
  let unsaid = 0;
  const say = (state: unknown) => {
    unsaid = 0;
    return target.write(line({ type: 'STATE', value: state }));
  };
  return {
    commitMs: STATE_MS,
    start: async ({ signal }) => {
      await target.start(signal);
      for (const { name: stream, columns, keys } of streams) {
        await target.write(line({ type: 'SCHEMA', stream, schema: schemaOf(columns), key_properties: keys }));
      }
    },
    begin: (unit): UnitState => (bookmarks.has(unit) ? 'committed' : 'write'),
    write: async (batch) => {
      const head = `","time_extracted":"${new Date().toISOString()}","record":`;
      if (records) await target.write(rowLines(records, head, recordRows(batch)));
      const fileRows = [...ledger.take(batch)];
      if (files && fileRows.length > 0) await target.write(rowLines(files, head, fileRows));
      for (const record of batch) if (record.kind === 'end' && record.status !== 'ok') failed.add(record.file);
    },
    commit: async (units: readonly SinkUnit[]) => {
      for (const unit of units) if (!failed.delete(unit.file)) bookmarks.add(unit);
      unsaid += units.length;
      if (unsaid * STATE_SHARE >= bookmarks.count) await say(bookmarks.value(false));
    },
    close: async () => {
      await say(bookmarks.value(isComplete()));
      await target.close();
    },
    abort: (reason) => target.abort(reason),
  };
}

function line(message: object): string {
  return `${JSON.stringify(message)}\n`;
}

function rowLines({ name, columns }: Stream, head: string, rows: Iterable<Row>): string {
  const all = STREAMS.find((stream) => stream.name === name)!.columns;
  const cells = all.flatMap((column, index) => (columns.includes(column) ? [{ index, key: `"${column.name}":` }] : []));
  let text = '';
  for (const row of rows) {
    const members = cells.map(({ index, key }) => key + cellText(row[index]!));
    text += `{"type":"RECORD","stream":"${name}${head}{${members.join(',')}}}\n`;
  }
  return text;
}

/** JSON has integers of any length, JavaScript's numbers end at 2^53. */
function cellText(cell: Cell): string {
  return typeof cell === 'bigint' ? String(cell) : JSON.stringify(cell);
}
