import type { SinkUnit, UnitState } from '../../flow/sink.ts';
import type { Row } from '../rows/row.ts';
import { unitDigest } from '../units/unit-digest.ts';
import type { BulkTables } from './bulk-tables.ts';

/** Which files a database has, and which of them are replaced. */
export class BulkLedger {
  readonly #tables: BulkTables;
  readonly #resume: boolean;
  /** There was nothing in it: what is, is in {@link #written}. */
  readonly #wasEmpty: boolean;
  /** Digests of the names of files that this run has written. */
  readonly #written = new Set<string>();
  /** Names of files that have begun and not landed, and whether the database has them already. */
  readonly #begun = new Map<string, boolean>();
  /** Rows of files that have landed, by their names. */
  readonly #landed = new Map<string, Row>();

  private constructor(tables: BulkTables, resume: boolean, wasEmpty: boolean) {
    this.#tables = tables;
    this.#resume = resume;
    this.#wasEmpty = wasEmpty;
  }

  static async open(tables: BulkTables, resume: boolean): Promise<BulkLedger> {
    return new BulkLedger(tables, resume, await tables.isEmpty());
  }

  async begin(unit: SinkUnit): Promise<UnitState> {
    const isNew = this.#wasEmpty && !this.#written.has(nameDigest(unit.file));
    const identity = isNew ? undefined : await this.#tables.identityOf(unit.file);
    if (this.#resume && identity === unit.identity) return 'committed';
    this.#begun.set(unit.file, identity !== undefined);
    return 'write';
  }

  /** The rows of a file are about to be added: what there was of it is removed. */
  async land(file: string, row: Row): Promise<void> {
    if (this.#landed.has(file)) {
      // Twice in one run: the first must be in the tables to be removed from them.
      await this.#flush([]);
      await this.#tables.remove([file]);
    } else {
      const isKnown = this.#begun.get(file) ?? (await this.#tables.identityOf(file)) !== undefined;
      if (isKnown) await this.#tables.remove([file]);
    }
    this.#begun.delete(file);
    this.#landed.set(file, row);
    if (this.#wasEmpty) this.#written.add(nameDigest(file));
  }

  async commit(units: readonly SinkUnit[]): Promise<void> {
    await this.#flush(units);
    await this.#tables.commit();
  }

  async #flush(units: readonly SinkUnit[]): Promise<void> {
    const rows = [...this.#landed.values()];
    this.#landed.clear();
    // Of two units of one name, the one that came last is there.
    const identities = new Map(units.map((unit) => [unit.file, unit]));
    if (rows.length > 0 || units.length > 0) await this.#tables.addLedger(rows, [...identities.values()]);
  }
}

function nameDigest(file: string): string {
  return unitDigest({ file, identity: '' });
}
