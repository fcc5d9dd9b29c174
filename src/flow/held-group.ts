import { type GroupedObservable, Observable, type Subscriber } from 'rxjs';
import { TidegateError } from '../errors.ts';
import { Gate } from './gate.ts';
import { GROUP } from './group.ts';
import { Producer } from './producer.ts';

/** Options of a {@link Hold}. */
export interface HoldOptions {
  /** Values held for groups to which nobody has subscribed yet, before the source has to wait. @defaultValue 16 */
  readonly highWaterMark?: number | undefined;
  /** How long the source waits for somebody to subscribe to those groups. @defaultValue 1,000 */
  readonly orphanMs?: number | undefined;
}

const DEFAULT_MARK = 16;
/** Default of `orphanMs`. */
export const DEFAULT_ORPHAN_MS = 1000;

/** Counts the values that wait for a subscriber of their group, and gives up on them after a while. */
export class Hold {
  readonly gate: Gate;
  #timer: NodeJS.Timeout | undefined;
  #held = 0;

  constructor(subscriber: Subscriber<never> | Subscriber<unknown>, options: HoldOptions) {
    this.gate = new Gate(
      'groupBy (groups without a subscriber)',
      { highWaterMark: options.highWaterMark },
      DEFAULT_MARK,
    );
    this.gate.onShut = () => {
      this.#timer = setTimeout(() => {
        if (!this.gate.isOpen) subscriber.error(orphaned(this.#held, options.orphanMs ?? DEFAULT_ORPHAN_MS));
      }, options.orphanMs ?? DEFAULT_ORPHAN_MS);
    };
    subscriber.add(() => {
      clearTimeout(this.#timer);
      this.gate.dispose();
    });
  }

  enter(): void {
    this.#held++;
    this.gate.enter(0);
  }

  leave(): void {
    this.#held--;
    this.gate.leave(0);
    if (this.gate.isOpen) clearTimeout(this.#timer);
  }
}

/** The values of one key: held until somebody subscribes, then passed on within the emission of the source. */
export class Group<T> {
  readonly #hold: Hold;
  readonly #subscribers: Set<Subscriber<T>> = new Set();
  readonly #held: T[] = [];
  #isClaimed = false;
  #end: { readonly error?: unknown } | undefined;

  constructor(hold: Hold) {
    this.#hold = hold;
  }

  observable<K>(key: K): GroupedObservable<K, T> {
    const observable = new Observable<T>((subscriber) => this.#subscribe(subscriber));
    return Object.assign(observable, { key, [GROUP]: true }) as unknown as GroupedObservable<K, T>;
  }

  push(value: T): void {
    if (!this.#isClaimed || this.#held.length > 0) {
      this.#held.push(value);
      this.#hold.enter();
      return;
    }
    for (const subscriber of this.#subscribers) subscriber.next(value);
  }

  end(end: { readonly error?: unknown }): void {
    this.#end = end;
    if (this.#isClaimed && this.#held.length === 0) this.#finish();
  }

  #subscribe(subscriber: Subscriber<T>): void {
    subscriber.add(() => this.#subscribers.delete(subscriber));
    if (this.#isClaimed) {
      if (this.#end !== undefined && this.#held.length === 0) finish(subscriber, this.#end);
      else this.#subscribers.add(subscriber);
      return;
    }
    this.#isClaimed = true;
    this.#subscribers.add(subscriber);
    const producer = new Producer<T>('groupBy', subscriber);
    const replay = (): void => {
      while (this.#held.length > 0) {
        if (subscriber.closed) this.#drop();
        else if (!producer.isOpen) return producer.whenOpen(replay);
        else {
          const value = this.#held.shift()!;
          this.#hold.leave();
          producer.nextCut(value);
        }
      }
      if (this.#end !== undefined) this.#finish();
    };
    if (this.#held.length > 0) queueMicrotask(replay);
    else if (this.#end !== undefined) this.#finish();
  }

  /** The one subscriber for whom the values were held has left. */
  #drop(): void {
    for (; this.#held.length > 0; this.#held.shift()) this.#hold.leave();
  }

  #finish(): void {
    for (const subscriber of this.#subscribers) finish(subscriber, this.#end!);
    this.#subscribers.clear();
  }
}

function finish<T>(subscriber: Subscriber<T>, end: { readonly error?: unknown }): void {
  if ('error' in end) subscriber.error(end.error);
  else subscriber.complete();
}

function orphaned(held: number, orphanMs: number): TidegateError {
  const message =
    `Cannot go on: groupBy holds ${held} values of groups to which nobody has subscribed for ${orphanMs} ms. ` +
    'Raise the concurrency of the operator behind it to the number of groups';
  return new TidegateError('ERR_GROUPS', message, { operator: 'groupBy', heldItems: held });
}
