import { fromEvent, isObservable, NEVER, type Observable, of, takeUntil } from 'rxjs';
import type { Found } from './found.ts';
import { type FilesSource, type FromFilesOptions, fromFiles } from './from-files.ts';

/** What a run goes through. */
interface WantedFilesOptions extends FromFilesOptions {
  readonly stop?: AbortSignal | undefined;
}

/**
 * The files of a run. A list of them is not gone through any more when it is time to stop, however much is left of it;
 * an Observable is the caller's own, who may want to hear of all that it names.
 */
export function wantedFiles(files: FilesSource | Observable<Found>, options: WantedFilesOptions): Observable<Found> {
  if (isObservable(files)) return files;
  return fromFiles(files, options).pipe(takeUntil(stopped(options.stop)));
}

function stopped(stop: AbortSignal | undefined): Observable<unknown> {
  if (stop === undefined) return NEVER;
  return stop.aborted ? of(true) : fromEvent(stop, 'abort');
}
