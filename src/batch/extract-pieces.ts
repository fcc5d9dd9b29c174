import type { Observable } from 'rxjs';
import { positiveInteger } from '../options.ts';
import { type ExtractAllOptions, fileOptions, runOptions } from './extract-options.ts';
import type { Found } from './found.ts';
import type { FilesSource } from './from-files.ts';
import type { Piece } from './piece.ts';
import { PieceLane } from './piece-lane.ts';
import { runFiles } from './run-files.ts';
import { wantedFiles } from './wanted-files.ts';

/** `extractAll` by `jobs` worker threads, whose pieces of JSON lines are handed on as they are. */
export function extractPieces(files: FilesSource | Observable<Found>, options: ExtractAllOptions): Observable<Piece> {
  const jobs = positiveInteger('jobs', options.jobs ?? 1);
  const { stop, meter, signal: _, ...reading } = fileOptions(options);
  const open = () => new PieceLane({ jobs, options: reading, stop, meter });
  return runFiles(wantedFiles(files, options), open, { ...runOptions(options), concurrency: jobs });
}
