import { dirname } from 'node:path';
import type { Sink } from '../../flow/sink.ts';
import type { ExtractionRecord } from '../../records.ts';
import type { ResumeSettings } from '../resume-options.ts';
import { type Row, rowBytes } from '../rows/row.ts';
import { parseRow, rowLines } from '../rows/row-lines.ts';
import type { Table } from '../rows/table.ts';
import { AsideFiles } from './aside-files.ts';
import { HeldFiles, type Landing } from './held-files.ts';
import { type PartFormat, Parts } from './parts.ts';
import { textLines } from './text-lines.ts';

/** A sink over a folder that grows run by run: each commit is a part, and has the rows of whole files. */
export function partSink(path: string, format: PartFormat, settings: ResumeSettings): Sink<ExtractionRecord> {
  const parts = new Parts(path, format);
  const aside = new AsideFiles(dirname(path));
  const held = new HeldFiles(landing(parts, aside, format.table), settings.heldBytes);
  return {
    commitMs: settings.commitMs,
    start: ({ signal }) => parts.start(signal),
    begin: async (unit) => {
      if (parts.has(unit)) return 'committed';
      await held.begin(unit.file);
      return 'write';
    },
    write: (batch) => held.take(batch),
    commit: (units) => parts.commit(units),
    close: async () => {
      await held.finish();
      await parts.commit([]);
      await aside.close();
      await parts.close();
    },
    abort: async (reason) => {
      await aside.close();
      await parts.abort(reason);
    },
    get bufferedBytes() {
      return held.heldBytes + parts.bufferedBytes;
    },
  };
}

function landing(parts: Parts, aside: AsideFiles, table: Table): Landing<Row> {
  return {
    encode: (records) => table.rows(records),
    sizeOf: rowBytes,
    setAside: ({ id, pieces }) => aside.add(id, [rowLines(pieces)]),
    land: async ({ id, isSetAside, pieces }) => {
      if (isSetAside) for await (const line of textLines(aside.read(id))) await parts.add(parseRow(line));
      await aside.drop(id);
      for (const row of pieces) await parts.add(row);
    },
    drop: ({ id }) => aside.drop(id),
  };
}
