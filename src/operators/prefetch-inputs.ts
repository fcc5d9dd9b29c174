import { defer, finalize, type Observable, type OperatorFunction, tap } from 'rxjs';
import type { Input } from '../bytes/input.ts';
import { openAhead } from '../bytes/open-ahead.ts';
import { type InputSource, type OpenInputOptions, openInput } from '../bytes/open-input.ts';
import { asTidegateError } from '../errors.ts';
import type { Lender } from '../memory/lender.ts';
import { positiveInteger } from '../options.ts';
import { KiB } from '../units.ts';
import { mapAsync } from './map-async.ts';

/** Options for {@link prefetchInputs}: those of `openInput`, for each of them, and these. */
export interface PrefetchInputsOptions extends Omit<OpenInputOptions, 'signal' | 'name'> {
  /** Inputs that are opened ahead of the one that is read. @defaultValue 2 */
  readonly count?: number | undefined;
  /** Bytes at the beginning of each that are read ahead. @defaultValue 64 KiB */
  readonly headBytes?: number | undefined;
  /** The heads take their bytes from it; where there is no room, an input is opened without its head. @defaultValue none */
  readonly budget?: Lender | undefined;
}

/**
 * Opens inputs, and reads their first bytes, while the ones before them are still being read: what is far away then
 * answers at once. On a local disk the system does as much by itself.
 *
 * - Emits: inputs, in the order of what they were opened from; one that cannot be opened fails at its first read.
 *   Whoever gets an input closes it, as `extract` does.
 * - Waits: the source waits while `count` inputs are open that nobody has taken.
 * - Holds: `count` open inputs and `headBytes` of each, within the `budget`. Closes those that nobody takes any more.
 * - Fails: with the error of the source, `ERR_OPTION`.
 *
 * @example
 * ```ts
 * const inputs = from(['https://example.org/a.dcm', 'https://example.org/b.dcm']).pipe(prefetchInputs({ count: 2 }));
 * inputs.pipe(concatMap((input) => extract(input))).subscribe((record) => console.log(record.file));
 * ```
 */
export function prefetchInputs(options: PrefetchInputsOptions = {}): OperatorFunction<InputSource, Input> {
  const { count = 2, headBytes = 64 * KiB, budget, ...opening } = options;
  const concurrency = positiveInteger('count', count);
  const ahead = { headBytes: positiveInteger('headBytes', headBytes), budget };
  return (source: Observable<InputSource>) =>
    defer(() => {
      const untaken = new Set<Input>();
      const open = async (from: InputSource, _: number, signal: AbortSignal): Promise<Input> => {
        const input = await openAhead(() => openInput(from, { ...opening, signal }), { ...ahead, signal }).catch(
          (error: unknown) => failedInput(String(from), error),
        );
        if (signal.aborted) await input.close();
        else untaken.add(input);
        return input;
      };
      return source.pipe(
        mapAsync(open, { concurrency }),
        tap((input) => untaken.delete(input)),
        finalize(() => {
          for (const input of untaken) void Promise.resolve(input.close()).catch(() => {}); // nobody can be told
        }),
      );
    });
}

/** Its reader is told, and those of the others go on. */
function failedInput(name: string, error: unknown): Input {
  const failure = asTidegateError(error, 'ERR_INPUT_OPEN', { file: name });
  const read = () => {
    throw failure;
  };
  return { name, sizeBytes: undefined, mtime: undefined, isSeekable: false, bytesRead: 0, read, close: () => {} };
}
