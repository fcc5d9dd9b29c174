import { TidegateError } from '../errors.ts';
import { drain } from '../flow/drain.ts';
import { tapProfile } from '../operators/tap-profile.ts';
import type { Profile } from '../profile/profile.ts';
import { ProfileLog } from '../profile/profile-log.ts';
import { type ExtractOptions, extract } from '../sources/extract.ts';

/** Options for {@link profileFiles}: those of `extract`, for every file. */
export interface ProfileFilesOptions extends ExtractOptions {
  /** Cancels the run. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each file when it is through; its profile has the name of the format. */
  readonly onFile?: ((path: string, profile: Profile) => void) | undefined;
}

/**
 * Extracts files one after another, drops the records, and says per format what that cost. The peak of each file is
 * exact on Linux: the kernel's mark is set back before it. A file that cannot be read counts as an error of `unknown`
 * or of its format; the others go on.
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
  const { signal, onFile, ...extracting } = options;
  let name = 'unknown';
  let inputBytes = 0;
  let profile: Profile | undefined;
  const records = extract(path, extracting).pipe(
    tapProfile(
      (report) => {
        profile = report;
      },
      { isResettingPeak: true },
    ),
  );
  try {
    await drain(
      records,
      (record) => {
        name = record.format;
        if (record.kind === 'file') inputBytes = record.size;
      },
      { signal },
    );
  } catch (error) {
    signal?.throwIfAborted();
    // What is wrong with one file is counted in its profile; what is wrong with the call is not its fault.
    if (!(error instanceof TidegateError) || error.code === 'ERR_OPTION') throw error;
    if (error.code === 'ERR_FORMAT_UNKNOWN' && options.format !== undefined) throw error;
  }
  const memoryRatio = inputBytes > 0 ? profile!.grownRssBytes / inputBytes : undefined;
  const bytes = Math.max(0, inputBytes);
  return { ...profile!, name, bytes, bytesPerSecond: (1000 * bytes) / profile!.elapsedMs, memoryRatio };
}
