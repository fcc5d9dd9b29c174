import { relative } from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { Observable } from 'rxjs';
import { TidegateError } from '../../errors.ts';
import { fromPull } from '../../flow/from-pull.ts';
import { requirePeer } from '../../flow/peer.ts';
import { positiveNumber } from '../../options.ts';
import { Arrivals } from '../arrivals.ts';
import { type Found, foundIssue } from '../find/found.ts';
import type { FilterOptions, PathFilter } from '../find/path-filter.ts';
import { Settling } from './settling.ts';

/** Options for {@link watchFiles}. */
export interface WatchFilesOptions extends FilterOptions {
  /** A file is complete when it has not changed for so long. @defaultValue 2000 */
  readonly stableMs?: number | undefined;
  /** Look again and again instead of asking the system to tell: for network file systems. @defaultValue false */
  readonly isPolling?: boolean | undefined;
}

/**
 * The files of a folder and of those below it, and all that arrive there, until the subscriber leaves: for `extractAll`
 * and `loadAll`, which skips what its sink has already. A file comes when it is complete, and once more whenever it has
 * changed after that. Needs the package chokidar.
 *
 * - Emits: a {@link Found} for each file; an `issue` for what may not be read. It never completes.
 * - Waits: before every file while a gate behind it is shut; what arrives meanwhile is remembered.
 * - Holds: the names of files that have arrived and not been taken, each once; the watcher holds all names it watches.
 * - Fails: `ERR_MISSING_PEER`; `ERR_INPUT_READ` when the system cannot watch any more; `ERR_OPTION` at the call.
 *
 * @example
 * ```ts
 * import { drain, extractAll, watchFiles } from 'tidegate';
 *
 * await drain(extractAll(watchFiles('inbox', { include: ['*.dcm'] })), (batch) => console.log(batch.length));
 * ```
 */
export function watchFiles(folder: string, options: WatchFilesOptions = {}): Observable<Found> {
  positiveNumber('stableMs', options.stableMs ?? 2000);
  return fromPull((signal) => watched(folder, options, signal), { label: `watch ${folder}` });
}

async function* watched(
  folder: string,
  options: WatchFilesOptions,
  signal: AbortSignal,
): AsyncGenerator<Found, void, void> {
  const filter = (await import('../find/path-filter.ts')).pathFilter(options);
  const arrivals = new Arrivals<Found>();
  const waiting = new Set<string>();
  const watcher = openWatcher(folder, options, filter);
  const settling = new Settling(options.stableMs ?? 2000, (path) => {
    if (waiting.has(path)) return;
    waiting.add(path);
    arrivals.push({ kind: 'file', path, name: path });
  });
  const arrived = (path: string) => {
    if (filter?.accepts(relative(folder, path)) ?? true) settling.see(path);
  };
  const leave = () => arrivals.end();
  signal.addEventListener('abort', leave, { once: true });
  watcher.on('add', arrived).on('change', arrived);
  watcher.on('error', (error) => report(folder, error as NodeJS.ErrnoException, arrivals));
  try {
    for await (const found of arrivals) {
      // What is changed from here on comes again.
      waiting.delete(found.path);
      yield found;
    }
  } finally {
    signal.removeEventListener('abort', leave);
    settling.close();
    await watcher.close();
  }
}

function openWatcher(folder: string, options: WatchFilesOptions, filter: PathFilter | undefined): FSWatcher {
  const { watch } = requirePeer<typeof import('chokidar')>('chokidar', '^4.0.3');
  return watch(folder, {
    usePolling: options.isPolling ?? false,
    ignored: (path) => path !== folder && (filter?.excludes(relative(folder, path)) ?? false),
  });
}

/** What may not be read is one thing that was found; that nothing can be watched any more is the end. */
function report(folder: string, cause: NodeJS.ErrnoException, arrivals: Arrivals<Found>): void {
  if (cause.code === 'EACCES' || cause.code === 'EPERM') {
    arrivals.push(foundIssue(cause.path ?? folder, 'watch', cause));
    return;
  }
  const message = `Cannot watch ${folder}: ${cause.message}`;
  arrivals.fail(new TidegateError('ERR_INPUT_READ', message, { file: folder, cause }));
}
