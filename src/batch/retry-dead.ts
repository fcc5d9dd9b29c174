import { fromPull } from '../flow/from-pull.ts';
import type { Sink } from '../flow/sink.ts';
import type { ExtractionRecord } from '../records.ts';
import { RetryList } from './failures/retry-list.ts';
import { type LoadAllOptions, type LoadReport, loadAll } from './load-all.ts';

/** Options for {@link retryDead}: those of `loadAll`, but for where dead letters go, and whether a sink is asked. */
export interface RetryDeadOptions extends Omit<LoadAllOptions, 'deadLetters' | 'isIncremental'> {}

/**
 * Extracts the files of a list of dead letters once more. What succeeds leaves the list; what fails again stays, with
 * its last error and one more attempt; so does what an interrupted run did not come to. A run that fails leaves the
 * list as it was.
 *
 * - Emits: nothing; resolves with a report when all is delivered, the sink has closed and the new list is in place.
 * - Waits: as `loadAll`.
 * - Holds: what `loadAll` holds, the letters of the files under way, and 16 characters for each line of the list.
 * - Fails: as `loadAll`; `ERR_INPUT_OPEN` when there is no list, `ERR_SINK` when the new one cannot be written.
 *
 * @example
 * ```ts
 * import { retryDead, toSqlite } from 'tidegate';
 *
 * const { files, failedFiles } = await retryDead('failed.ndjson', toSqlite('archive.sqlite'));
 * console.log(`${files - failedFiles} are in, ${failedFiles} stay in the list`);
 * ```
 */
export async function retryDead(
  list: string,
  sink: Sink<ExtractionRecord>,
  options: RetryDeadOptions = {},
): Promise<LoadReport> {
  const retry = new RetryList(list);
  try {
    const files = fromPull((signal) => retry.files(options.stop, signal), { label: list });
    const report = await loadAll(files, sink, {
      ...options,
      isIncremental: false,
      deadLetters: (letter) => retry.failed(letter),
      onWritten: (batch) => {
        retry.see(batch);
        options.onWritten?.(batch);
      },
    });
    retry.finish();
    return report;
  } catch (error) {
    retry.abandon();
    throw error;
  }
}
