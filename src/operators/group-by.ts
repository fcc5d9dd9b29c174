import { type GroupedObservable, Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { TidegateError } from '../errors.ts';
import { DEFAULT_ORPHAN_MS, Group, Hold, type HoldOptions } from '../flow/held-group.ts';
import { subscribeThrough } from '../flow/scope.ts';
import { functionOf, positiveInteger } from '../options.ts';

/** Options for {@link groupBy}. */
export interface GroupByOptions extends HoldOptions {
  /** Groups that may be open at once. @defaultValue 1,000 */
  readonly maxGroups?: number | undefined;
}

const DEFAULT_GROUPS = 1000;

/**
 * `groupBy` of rxjs that loses nothing: values of a group to which nobody has subscribed yet are held for it.
 *
 * - Emits: one Observable with a `key` per distinct key; it emits the values with that key, in order.
 * - Waits: the source waits for the slowest group; and for a subscriber while `highWaterMark` values are held.
 * - Holds: `highWaterMark` values of groups without a subscriber; nothing of the others.
 * - Fails: `ERR_GROUPS` when more than `maxGroups` groups are open, or nobody subscribes to a group that holds up
 *   the source for `orphanMs`: more groups than the consumer takes at once. An error of the source ends all groups.
 *
 * @example
 * ```ts
 * extract('scan.dcm')
 *   .pipe(groupBy((record) => record.kind), mergeMap((group) => group.pipe(count())))
 *   .subscribe((recordCount) => console.log(recordCount));
 * ```
 */
export function groupBy<T, K>(
  key: (value: T) => K,
  options: GroupByOptions = {},
): OperatorFunction<T, GroupedObservable<K, T>> {
  functionOf('key', key);
  const maxGroups = positiveInteger('maxGroups', options.maxGroups ?? DEFAULT_GROUPS);
  positiveInteger('orphanMs', options.orphanMs ?? DEFAULT_ORPHAN_MS);
  return (source) =>
    new Observable((subscriber) => {
      const groups = new Map<K, Group<T>>();
      const hold = new Hold(subscriber, options);
      const open = (k: K): Group<T> => {
        const group = new Group<T>(hold);
        groups.set(k, group);
        subscriber.next(group.observable(k));
        return group;
      };
      const observer = {
        next: (value: T) => {
          let group: Group<T> | undefined;
          try {
            const k = key(value);
            group = groups.get(k);
            if (group === undefined) {
              if (groups.size >= maxGroups) throw tooMany(maxGroups);
              group = open(k);
            }
          } catch (error) {
            observer.error(error);
            return;
          }
          group.push(value);
        },
        error: (error: unknown) => {
          for (const group of groups.values()) group.end({ error });
          subscriber.error(error);
        },
        complete: () => {
          for (const group of groups.values()) group.end({});
          subscriber.complete();
        },
      };
      subscribeThrough(source, subscriber as unknown as Subscriber<never>, observer, subscriber);
    });
}

function tooMany(maxGroups: number): TidegateError {
  const message = `Cannot open another group: groupBy has ${maxGroups} open, which is its maxGroups`;
  return new TidegateError('ERR_GROUPS', message, { operator: 'groupBy', maxGroups });
}
