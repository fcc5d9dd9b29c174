import type { EndRecord, ExtractionRecord, IssueRecord } from '../../records.ts';

/** What a run, or a part of it, amounts to. */
export interface Summary {
  /** Files that have ended, however. */
  readonly files: number;
  /** Those of them that ended `partial` or `failed`. */
  readonly failedFiles: number;
  readonly records: number;
  /** Bytes read from files that have ended. */
  readonly bytesRead: number;
  /** The issues of severity `error`, at most {@link MAX_COMPLAINTS} of a file. */
  readonly complaints: readonly IssueRecord[];
}

/** A file with more errors than this is known to be bad: the rest is in its records. */
const MAX_COMPLAINTS = 3;

/** Counts records on their way to a sink. */
export class Tally {
  #files = 0;
  #failedFiles = 0;
  #records = 0;
  #bytesRead = 0;
  #complaints: IssueRecord[] = [];
  #complaintsOfFile = new Map<string, number>();

  /** Counts a batch. */
  see(batch: readonly ExtractionRecord[]): void {
    this.#records += batch.length;
    for (const record of batch) {
      if (record.kind === 'end') this.#end(record);
      else if (record.kind === 'issue' && record.severity === 'error') this.#complain(record);
    }
  }

  /** Counts what another tally has counted. */
  add(summary: Summary): void {
    this.#files += summary.files;
    this.#failedFiles += summary.failedFiles;
    this.#records += summary.records;
    this.#bytesRead += summary.bytesRead;
    this.#complaints.push(...summary.complaints);
  }

  /** The counts so far. */
  get summary(): Summary {
    return {
      files: this.#files,
      failedFiles: this.#failedFiles,
      records: this.#records,
      bytesRead: this.#bytesRead,
      complaints: this.#complaints,
    };
  }

  /** The counts since the last call; they start at 0 again. */
  take(): Summary {
    const { summary } = this;
    this.#files = this.#failedFiles = this.#records = this.#bytesRead = 0;
    this.#complaints = [];
    return summary;
  }

  /** The complaints since the last call. */
  takeComplaints(): readonly IssueRecord[] {
    const complaints = this.#complaints;
    if (complaints.length > 0) this.#complaints = [];
    return complaints;
  }

  #end(record: EndRecord): void {
    this.#files++;
    if (record.status !== 'ok') this.#failedFiles++;
    this.#bytesRead += record.bytesRead;
    this.#complaintsOfFile.delete(record.file);
  }

  #complain(record: IssueRecord): void {
    const count = (this.#complaintsOfFile.get(record.file) ?? 0) + 1;
    this.#complaintsOfFile.set(record.file, count);
    if (count <= MAX_COMPLAINTS) this.#complaints.push(record);
  }
}
