import type { EndStatus, ExtractionRecord, IssueRecord } from '../../records.ts';

/** Why a file was not read to its end. */
export interface Failure {
  readonly status: Exclude<EndStatus, 'ok'>;
  /** The code of its last error, as in its `issue`. */
  readonly code: string;
  readonly message: string;
  /** The byte in the file where it went wrong, where one is known. */
  readonly offset?: number;
}

/** Reads the records of one file, and says at its end what was wrong with it. */
export class FailureWatch {
  #error: IssueRecord | undefined;

  /** The failure, with the batch that ends a file which failed. */
  see(batch: readonly ExtractionRecord[]): Failure | undefined {
    for (const record of batch) {
      if (record.kind === 'issue' && record.severity === 'error') this.#error = record;
      else if (record.kind === 'end' && record.status !== 'ok') return this.#failure(record.status);
    }
    return undefined;
  }

  #failure(status: Failure['status']): Failure {
    const { code = 'ERR_INTERNAL', message = 'Cannot say why: there is no issue', offset } = this.#error ?? {};
    return { status, code, message, ...(offset === undefined ? {} : { offset }) };
  }
}
