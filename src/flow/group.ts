import { isObservable } from 'rxjs';

/** Marks an Observable whose values are lost while nobody listens: a group of groupBy. */
export const GROUP: unique symbol = Symbol('tidegate.group');

/** `true` for a group of our groupBy, or of the one of rxjs (an Observable with a `key` of its own). */
export function isGroup(value: unknown): boolean {
  return isObservable(value) && (GROUP in value || Object.hasOwn(value, 'key'));
}
