import type { Observable } from 'rxjs';
import { positiveInteger } from '../options.ts';
import { type ExtractAllOptions, fileOptions, runOptions } from './extract-options.ts';
import type { Found } from './find/found.ts';
import type { FilesSource } from './find/from-files.ts';
import { wantedFiles } from './find/wanted-files.ts';
import type { Piece } from './lanes/piece.ts';
import { PieceLane } from './lanes/piece-lane.ts';
import { runFiles } from './run-files.ts';

/** `extractAll` by `jobs` worker threads, whose pieces of JSON lines are handed on as they are. */
export function extractPieces(files: FilesSource | Observable<Found>, options: ExtractAllOptions): Observable<Piece> {
  const jobs = positiveInteger('jobs', options.jobs ?? 1);
  const { stop, meter, signal: _, ...reading } = fileOptions(options);
  const open = () => new PieceLane({ jobs, options: reading, stop, meter });
  return runFiles(wantedFiles(files, options), open, { ...runOptions(options), concurrency: jobs });
}
