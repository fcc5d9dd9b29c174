import { openInput } from '../bytes/open-input.ts';
import { TidegateError } from '../errors.ts';
import { drain } from '../flow/drain.ts';
import { fromPull } from '../flow/from-pull.ts';
import type { RecordBatches } from '../formats/format.ts';
import { readAny } from '../formats/read-any.ts';
import { tapProfile } from '../operators/tap-profile.ts';
import { type Profile, ratioToInput } from '../profile/profile.ts';
import { ProfileLog } from '../profile/profile-log.ts';
import type { Timeline } from '../profile/timeline.ts';
import type { ExtractionRecord } from '../records.ts';
import type { ExtractOptions } from '../sources/extract.ts';
import { WatchedInput } from './watched-input.ts';

/** Options for {@link profileFiles}: those of `extract`, for every file. */
export interface ProfileFilesOptions extends ExtractOptions {
  /** Cancels the run. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each file when it is through; its profile has the name of the format. */
  readonly onFile?: ((path: string, profile: Profile) => void) | undefined;
  /** Draws two stages: `reads`, which wait for the disk or the net, and `records`. Caller starts and stops it. */
  readonly timeline?: Timeline | undefined;
}

/**
 * Extracts files one after another, drops the records, and says per format what that cost. The peak of each file is
 * exact on Linux: the kernel's mark is set back before it. A file that cannot be read to its end counts as an error
 * of its format, or of `unknown`; the others go on.
 *
 * @example
 * ```ts
 * console.log(String(await profileFiles(['a.dcm', 'b.fits'])));
 * ```
 */
export async function profileFiles(
  paths: Iterable<string> | AsyncIterable<string>,
  options: ProfileFilesOptions = {},
): Promise<ProfileLog> {
  const log = new ProfileLog();
  for await (const path of paths) {
    const profile = await profileFile(path, options);
    log.add(profile);
    options.onFile?.(path, profile);
  }
  return log;
}

async function profileFile(path: string, options: ProfileFilesOptions): Promise<Profile> {
  const { signal, timeline } = options;
  let name = 'unknown';
  let inputBytes = 0;
  let isWhole = false;
  let profile: Profile | undefined;
  const report = (seen: Profile) => {
    profile = seen;
  };
  const tap = tapProfile<ExtractionRecord>(report, { name: 'records', isResettingPeak: true, timeline });
  const records = fromPull((abort) => readWatched(path, { ...options, signal: abort }), { flatten: true });
  const see = (record: ExtractionRecord) => {
    name = record.format;
    if (record.kind === 'file') inputBytes = record.size;
    if (record.kind === 'end') isWhole = record.status === 'ok';
  };
  try {
    await drain(records.pipe(tap), see, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    // What is wrong with one file is counted in its profile; what is wrong with the call is not its fault.
    if (!(error instanceof TidegateError) || error.code === 'ERR_OPTION') throw error;
    if (error.code === 'ERR_FORMAT_UNKNOWN' && options.format !== undefined) throw error;
  }
  const memoryRatio = ratioToInput(profile!.grownRssBytes, inputBytes);
  const bytes = Math.max(0, inputBytes);
  const end = isWhole ? profile!.end : 'error';
  return { ...profile!, name, end, bytes, bytesPerSecond: (1000 * bytes) / profile!.elapsedMs, memoryRatio };
}

async function* readWatched(path: string, { onFile, timeline, ...options }: ProfileFilesOptions): RecordBatches {
  const input = new WatchedInput(await openInput(path, options));
  const unfollow = timeline?.follow('reads', () => input.counts());
  try {
    yield* readAny(input, options);
  } finally {
    unfollow?.();
    await input.close();
  }
}
