import type { Sink } from '../../flow/sink.ts';
import type { ExtractionRecord } from '../../records.ts';
import type { ResumeSettings } from '../resume-options.ts';
import { recordRows } from '../rows/flat.ts';
import { sinkFailure } from '../targets/file-writer.ts';
import { AsideFiles } from '../units/aside-files.ts';
import { guarded } from '../units/guarded.ts';
import { HeldFiles, type Landing } from '../units/held-files.ts';
import { BulkLedger } from './bulk-ledger.ts';
import type { BulkTables } from './bulk-tables.ts';

/** A database that loads text. */
interface BulkDatabase {
  /** For messages. */
  readonly name: string;
  /** Where the text of files that do not end for long may wait. */
  readonly folder: string;
  /** `fail` ends the run, whatever it waits for. */
  open(signal: AbortSignal, fail: (error: unknown) => void): Promise<BulkTables>;
}

/**
 * A sink over the tables of a database. The rows of a file are held as the text that the database loads, until its
 * `end`; then they go into the transaction that the next commit ends, with its rows in `files` and `units`.
 */
export function bulkSink(database: BulkDatabase, settings: ResumeSettings): Sink<ExtractionRecord> {
  const { name } = database;
  const aside = new AsideFiles(database.folder);
  let tables: BulkTables | undefined;
  let ledger: BulkLedger | undefined;
  let held: HeldFiles<string> | undefined;
  return {
    commitMs: settings.commitMs,
    start: ({ signal, fail = () => {} }) =>
      guarded(name, 'open', async () => {
        tables = await database.open(signal, (error) => fail(sinkFailure('write to', name, error)));
        ledger = await BulkLedger.open(tables, settings.resume);
        held = new HeldFiles(landing(tables, ledger, aside), settings.heldBytes);
      }),
    begin: (unit) =>
      guarded(name, 'read', async () => {
        const state = await ledger!.begin(unit);
        if (settings.resume && state === 'write') await held!.begin(unit.file);
        return state;
      }),
    write: (batch) => guarded(name, 'write to', () => held!.take(batch)),
    commit: (units) => guarded(name, 'write to', () => ledger!.commit(units)),
    close: () =>
      guarded(name, 'finish', async () => {
        await held!.finish();
        await ledger!.commit([]);
        await aside.close();
        await tables!.close();
      }),
    abort: async () => {
      await tables?.abort();
      await aside.close();
    },
    get bufferedBytes() {
      return (held?.heldBytes ?? 0) + (tables?.bufferedBytes ?? 0);
    },
  };
}

function landing(tables: BulkTables, ledger: BulkLedger, aside: AsideFiles): Landing<string> {
  return {
    encode: (records) => tables.encode(recordRows(records)),
    sizeOf: (text) => text.length,
    setAside: ({ id, pieces }) => aside.add(id, pieces),
    land: async ({ name, id, isSetAside, pieces }, row) => {
      if (row) await ledger.land(name, row);
      if (isSetAside) for await (const bytes of aside.read(id)) await tables.add(bytes);
      await aside.drop(id);
      for (const piece of pieces) await tables.add(piece);
    },
    drop: ({ id }) => aside.drop(id),
  };
}
