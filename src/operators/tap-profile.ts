import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { gateBelow, subscribeThrough } from '../flow/scope.ts';
import { bytesOf, type SizeOf, safeSize } from '../flow/size-of.ts';
import { functionOf } from '../options.ts';
import { type Profile, Profiler, type ProfilerOptions } from '../profile/profile.ts';

/** Options for {@link tapProfile}. */
export interface TapProfileOptions<T> extends ProfilerOptions {
  /** Bytes of a value. @defaultValue length of buffers and strings, else 0 */
  readonly sizeOf?: SizeOf<T> | undefined;
}

/**
 * Measures what goes by, the queue of the next stage or sink behind, and what the process does meanwhile: throughput,
 * time spent waiting, CPU, collections, peak RSS. The profile comes at the end, however that comes; a `ProfileLog` puts
 * many of them together. Values pass untouched.
 *
 * - Emits: every value, at once.
 * - Waits: never; demand passes through.
 * - Holds: nothing.
 * - Fails: with the error of the source. `report` must not throw.
 *
 * @example
 * ```ts
 * const log = new ProfileLog();
 * extract('sky.fits').pipe(tapProfile((profile) => log.add(profile), { name: 'fits' })).subscribe();
 * ```
 */
export function tapProfile<T>(
  report: (profile: Profile) => void,
  options: TapProfileOptions<T> = {},
): MonoTypeOperatorFunction<T> {
  functionOf('report', report);
  const sizeOf = safeSize(options.sizeOf ?? bytesOf);
  return (source) =>
    new Observable<T>((subscriber) => {
      const profiler = new Profiler(options, gateBelow(subscriber));
      let end: Profile['end'] = 'unsubscribe';
      subscriber.add(() => report(profiler.stop(end)));
      const observer = {
        next: (value: T) => {
          profiler.count(sizeOf(value));
          const beganMs = performance.now();
          subscriber.next(value);
          profiler.countDownstream(beganMs, performance.now());
        },
        error: (error: unknown) => {
          end = 'error';
          subscriber.error(error);
        },
        complete: () => {
          end = 'complete';
          subscriber.complete();
        },
      };
      subscribeThrough(source, subscriber, observer, subscriber);
    });
}
