import { Observable, type ObservableInput, type ObservedValueOf, type OperatorFunction, type Subscriber } from 'rxjs';
import { TidegateError } from '../errors.ts';
import { from } from '../flow/from.ts';
import type { Gate } from '../flow/gate.ts';
import { isGroup } from '../flow/group.ts';
import type { Producer } from '../flow/producer.ts';
import { Queue } from '../flow/queue.ts';
import { type GatedObserver, subscribeGated, subscribeThrough } from '../flow/scope.ts';
import { openStage } from '../flow/stage.ts';
import { functionOf, positiveInteger } from '../options.ts';

/**
 * `mergeMap` of rxjs with a bound: no more than `concurrent` inner sources at once, and outer values wait in their
 * source, not in a queue. While the gates behind are shut no new inner source is begun. Arrays and iterables that
 * `project` returns wait too.
 *
 * - Emits: the values of the inner sources as they come; with `concurrent` 1, one source after the other.
 * - Waits: the outer source waits while `concurrent` inner sources are active (while one waits, if unlimited).
 * - Holds: `concurrent` outer values; nothing of the inner sources, which wait for the gates behind themselves.
 * - Fails: with the first error, at once, as rxjs does; `ERR_GROUPS` when more groups of groupBy come than
 *   `concurrent` allows (rxjs loses their values).
 *
 * @example
 * ```ts
 * from(files).pipe(mergeMap((file) => extract(file), 4)).subscribe((record) => console.log(record.file));
 * ```
 */
export function mergeMap<T, O extends ObservableInput<unknown>>(
  project: (value: T, index: number) => O,
  concurrent: number = Number.POSITIVE_INFINITY,
): OperatorFunction<T, ObservedValueOf<O>> {
  return merging('mergeMap', project, concurrent);
}

/** {@link mergeMap} under another name in messages: for concatMap, mergeAll and concatAll. */
export function merging<T, O extends ObservableInput<unknown>>(
  label: string,
  project: (value: T, index: number) => O,
  concurrent: number,
): OperatorFunction<T, ObservedValueOf<O>> {
  functionOf('project', project);
  positiveInteger('concurrent', concurrent);
  return (source) =>
    new Observable((subscriber) => {
      const merge = new Merging<T, O>(subscriber, label, project, concurrent);
      subscribeGated(source, merge.gate, merge, subscriber);
    });
}

class Merging<T, O extends ObservableInput<unknown>> implements GatedObserver<T> {
  readonly gate: Gate;
  readonly #producer: Producer<ObservedValueOf<O>>;
  readonly #subscriber: Subscriber<ObservedValueOf<O>>;
  readonly #label: string;
  readonly #project: (value: T, index: number) => O;
  readonly #concurrent: number;
  readonly #waiting: Queue<T> = new Queue();
  #activeCount = 0;
  #index = 0;
  #isStarting = false;
  #isAwaitingGate = false;
  #isOver = false;

  constructor(
    subscriber: Subscriber<ObservedValueOf<O>>,
    label: string,
    project: (value: T, index: number) => O,
    concurrent: number,
  ) {
    const mark = concurrent === Number.POSITIVE_INFINITY ? 1 : concurrent;
    const stage = openStage<ObservedValueOf<O>>(subscriber, {
      label,
      highWaterMark: mark,
      lowWaterMark: mark - 1,
      defaultMark: mark,
      busy: () => this.#activeCount > 0 || this.#waiting.length > 0,
    });
    this.gate = stage.gate;
    this.#producer = stage.producer;
    this.#subscriber = subscriber;
    this.#label = label;
    this.#project = project;
    this.#concurrent = concurrent;
    subscriber.add(() => this.#waiting.clear());
  }

  next(value: T): void {
    const isHot = isGroup(value);
    if (isHot && this.#activeCount >= this.#concurrent) {
      this.#subscriber.error(this.#tooManyGroups());
      return;
    }
    this.#waiting.push(value, 0);
    // A group is fed by the source that would have to wait for it: it is not counted, and begins at once.
    if (isHot) this.#beginHot();
    else {
      this.gate.enter(0);
      this.#begin();
    }
  }

  error(error: unknown): void {
    this.#subscriber.error(error);
  }

  complete(): void {
    this.#isOver = true;
    this.#endIfDone();
  }

  #beginHot(): void {
    while (this.#waiting.length > 0) this.#subscribe(this.#waiting.shift(), true);
  }

  /** A loop, not a recursion: an inner source that ends at once lets the next begin from here. */
  #begin(): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    while (this.#waiting.length > 0 && this.#activeCount < this.#concurrent && !this.#subscriber.closed) {
      if (!this.#producer.isOpen) {
        this.#awaitGate();
        break;
      }
      this.#subscribe(this.#waiting.shift(), false);
    }
    this.#isStarting = false;
    this.#endIfDone();
  }

  #subscribe(value: T, isHot: boolean): void {
    let inner: Observable<ObservedValueOf<O>>;
    try {
      inner = from(this.#producer.call((v: T) => this.#project(v, this.#index++), value)) as typeof inner;
    } catch (error) {
      this.#subscriber.error(error);
      return;
    }
    this.#activeCount++;
    // Unlimited: what counts is that it waits to begin, and now it has begun.
    const isCounted = !isHot && this.#concurrent !== Number.POSITIVE_INFINITY;
    if (!isHot && !isCounted) this.gate.leave(0);
    const subscriber = this.#subscriber;
    const observer = {
      next: (v: ObservedValueOf<O>) => subscriber.next(v),
      error: (error: unknown) => subscriber.error(error),
      complete: () => {
        this.#activeCount--;
        if (isCounted) this.gate.leave(0);
        if (this.#waiting.length > 0) this.#begin();
        else this.#endIfDone();
      },
    };
    const begin = (link: typeof observer) => subscribeThrough(inner, subscriber as Subscriber<never>, link, subscriber);
    this.#producer.call(begin, observer, this.#producer.below);
  }

  #awaitGate(): void {
    if (this.#isAwaitingGate) return;
    this.#isAwaitingGate = true;
    this.#producer.whenOpen(() => {
      this.#isAwaitingGate = false;
      this.#begin();
    });
  }

  #endIfDone(): void {
    if (!this.#isOver || this.#activeCount > 0 || this.#waiting.length > 0 || this.#isStarting) return;
    this.#subscriber.complete();
  }

  #tooManyGroups(): TidegateError {
    const message =
      `Cannot take another group: ${this.#label} has ${this.#activeCount} groups open and concurrent is ` +
      `${this.#concurrent}. Raise it to the number of groups`;
    return new TidegateError('ERR_GROUPS', message, { operator: this.#label, concurrent: this.#concurrent });
  }
}
