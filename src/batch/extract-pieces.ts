import { isObservable, type Observable } from 'rxjs';
import { positiveInteger } from '../options.ts';
import { type ExtractAllOptions, fileOptions, runOptions } from './extract-options.ts';
import type { Found } from './found.ts';
import { type FilesSource, fromFiles } from './from-files.ts';
import type { Piece } from './piece.ts';
import { PieceLane } from './piece-lane.ts';
import { runFiles } from './run-files.ts';

/** `extractAll` by `jobs` worker threads, whose pieces of JSON lines are handed on as they are. */
export function extractPieces(files: FilesSource | Observable<Found>, options: ExtractAllOptions): Observable<Piece> {
  const jobs = positiveInteger('jobs', options.jobs ?? 1);
  const { stop, meter, signal: _, ...reading } = fileOptions(options);
  const found = isObservable(files) ? files : fromFiles(files, options);
  const open = () => new PieceLane({ jobs, options: reading, stop, meter });
  return runFiles(found, open, { ...runOptions(options), concurrency: jobs });
}
