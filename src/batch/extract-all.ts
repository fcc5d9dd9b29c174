import { map, type Observable } from 'rxjs';
import { strategyOf } from '../memory/strategy.ts';
import { nonNegativeInteger } from '../options.ts';
import type { ExtractionRecord } from '../records.ts';
import { type ExtractAllOptions, fileOptions, runOptions } from './extract-options.ts';
import { extractPieces } from './extract-pieces.ts';
import type { Found } from './find/found.ts';
import type { FilesSource } from './find/from-files.ts';
import { wantedFiles } from './find/wanted-files.ts';
import { pieceRecords } from './lanes/piece-records.ts';
import { RecordLane } from './lanes/record-lane.ts';
import { runFiles } from './run-files.ts';

/**
 * The records of many files, of any formats, several at a time: the slowest consumer sets the pace of all of them.
 *
 * - Emits: batches, each of one file; those of a file in its own order, from its `file` record to its `end`.
 * - Waits: before every batch while a gate behind it is shut; a file waits until `concurrency`, the memory pressure
 *   and the `budget` let it in.
 * - Holds: for each file under way one batch and the window of its reader; the names in the folders on the way down. Of
 *   the next ones (`readAheadCount` of the strategy, if there is no `begin`) the first 64 KiB, within the `budget`.
 * - Fails: `ERR_OPTION` at the call; when `begin` or the list of dead letters fails. What is wrong with a file is in its
 *   records and its dead letter, and the others go on.
 *
 * @example
 * ```ts
 * import { drain, extractAll, unbatch } from 'tidegate';
 *
 * const records = extractAll('scans', { include: ['*.dcm'], deadLetters: 'failed.ndjson' }).pipe(unbatch());
 * await drain(records, (record) => console.log(record.file, record.kind));
 * ```
 */
export function extractAll(
  files: FilesSource | Observable<Found>,
  options: ExtractAllOptions = {},
): Observable<readonly ExtractionRecord[]> {
  const jobs = nonNegativeInteger('jobs', options.jobs ?? 0);
  if (jobs > 0) return extractPieces(files, options).pipe(map(pieceRecords));
  const { begin, budget, strategy } = options;
  // Who is asked whether a file is wanted is asked when it is its turn: many are not.
  const ahead = { aheadCount: begin === undefined ? strategyOf(strategy).readAheadCount : 0, budget };
  const open = () => new RecordLane(fileOptions(options), ahead);
  return runFiles(wantedFiles(files, options), open, runOptions(options));
}
