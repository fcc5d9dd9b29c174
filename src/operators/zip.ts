import { isObservable, Observable, type ObservableInput, type Subscriber } from 'rxjs';
import { from } from '../flow/from.ts';
import { Gate } from '../flow/gate.ts';
import { Producer } from '../flow/producer.ts';
import { subscribeGated } from '../flow/scope.ts';
import { isTurnOver, nextTurn } from '../flow/turn.ts';
import { isFeederStuck } from '../flow/wait-graph.ts';
import { warn } from '../flow/warn.ts';

/** The values of several sources, each as it stands in the tuple. */
export type ZipOf<A extends readonly ObservableInput<unknown>[]> = {
  [K in keyof A]: A[K] extends ObservableInput<infer T> ? T : never;
};

/** Options for {@link zip}. */
export interface ZipOptions {
  /** Values held per input before it has to wait. @defaultValue 16 */
  readonly highWaterMark?: number | undefined;
  /** Called when an input had to be given more room, because another one starves behind the same source. */
  readonly onRelief?: ((relief: { readonly inputIndex: number; readonly highWaterMark: number }) => void) | undefined;
}

const DEFAULT_MARK = 16;
/** How often a full and a starved input are looked at, until it is clear whether the one starves for the other. */
const LOOK_MS = 20;
/** Looks after which an input from which nothing has ever come, from nobody known, counts as starved. */
const SILENT_LOOKS = 5;

/**
 * `zip` of rxjs with a bound: tuples of the first values, the second values ... of all inputs.
 *
 * - Emits: one tuple when each input has given a value; completes when an input is over and its values are used up.
 * - Waits: an input waits while `highWaterMark` of its values are not yet in a tuple.
 * - Holds: `highWaterMark` values per input. More only where two inputs come from one source (share) and one of
 *   them starves because the other is full: then that one gets twice the room, and a warning says so.
 * - Fails: with the first error, at once, as rxjs does.
 *
 * @example
 * ```ts
 * zip([extract('a.dcm'), extract('b.dcm')]).subscribe(([a, b]) => console.log(a.seq === b.seq));
 * ```
 */
export function zip<const A extends readonly ObservableInput<unknown>[]>(
  inputs: A,
  options?: ZipOptions,
): Observable<ZipOf<A>>;
// After the list: an array is an ObservableInput too, and would be taken for the only input.
export function zip<const A extends readonly ObservableInput<unknown>[]>(...inputs: A): Observable<ZipOf<A>>;
export function zip(...given: readonly unknown[]): Observable<readonly unknown[]> {
  const isList = Array.isArray(given[0]) && given.slice(1).every((option) => !isInput(option));
  const inputs = (isList ? given[0] : given) as readonly ObservableInput<unknown>[];
  const options = (isList ? (given[1] ?? {}) : {}) as ZipOptions;
  return new Observable((subscriber) => {
    if (inputs.length === 0) subscriber.complete();
    else new Zipping(subscriber, inputs, options).start();
  });
}

function isInput(value: unknown): boolean {
  return (
    isObservable(value) ||
    (typeof value === 'object' && value !== null && (Symbol.iterator in value || 'then' in value))
  );
}

interface Inlet {
  readonly gate: Gate;
  readonly values: unknown[];
  isOver: boolean;
}

class Zipping {
  readonly #subscriber: Subscriber<readonly unknown[]>;
  readonly #producer: Producer<readonly unknown[]>;
  readonly #inputs: readonly ObservableInput<unknown>[];
  readonly #options: ZipOptions;
  readonly #inlets: readonly Inlet[];
  #isRunning = false;
  #isCheckDue = false;
  #looks = 0;
  #look: NodeJS.Timeout | undefined;

  constructor(
    subscriber: Subscriber<readonly unknown[]>,
    inputs: readonly ObservableInput<unknown>[],
    options: ZipOptions,
  ) {
    this.#subscriber = subscriber;
    this.#inputs = inputs;
    this.#options = options;
    this.#producer = new Producer<readonly unknown[]>('zip', subscriber);
    this.#producer.busy = () => this.#hasTuple();
    this.#inlets = inputs.map((_, index) => this.#inlet(index));
    this.#producer.inlets = this.#inlets.map((inlet) => inlet.gate);
    subscriber.add(() => this.#dispose());
  }

  start(): void {
    for (const [index, inlet] of this.#inlets.entries()) {
      if (this.#subscriber.closed) return;
      const observer = {
        next: (value: unknown) => this.#take(inlet, value),
        error: (error: unknown) => this.#subscriber.error(error),
        complete: () => {
          inlet.isOver = true;
          if (inlet.values.length === 0 && !this.#isRunning) this.#subscriber.complete();
        },
      };
      subscribeGated(from(this.#inputs[index]!), inlet.gate, observer, this.#subscriber);
    }
  }

  #inlet(index: number): Inlet {
    const gate = new Gate(`zip input ${index}`, { highWaterMark: this.#options.highWaterMark }, DEFAULT_MARK);
    gate.carrier = this.#producer;
    gate.valve = this.#producer.valve;
    this.#producer.queues?.add(gate);
    gate.onShut = () => this.#checkLater();
    return { gate, values: [], isOver: false };
  }

  #take(inlet: Inlet, value: unknown): void {
    inlet.values.push(value);
    inlet.gate.enter(0);
    if (!this.#isRunning && this.#hasTuple()) this.#producer.call(this.#run, undefined);
  }

  #hasTuple(): boolean {
    return this.#inlets.every((inlet) => inlet.values.length > 0);
  }

  readonly #run = (): void => {
    this.#isRunning = true;
    this.#looks = 0;
    while (this.#hasTuple() && !this.#subscriber.closed) {
      if (!this.#producer.isOpen) return this.#producer.whenOpen(this.#run);
      const tuple = this.#inlets.map((inlet) => inlet.values.shift());
      for (const inlet of this.#inlets) inlet.gate.leave(0);
      this.#producer.next(tuple);
      if (isTurnOver()) return nextTurn(this.#run);
    }
    this.#isRunning = false;
    if (this.#inlets.some((inlet) => inlet.isOver && inlet.values.length === 0)) this.#subscriber.complete();
    else if (this.#inlets.some((inlet) => !inlet.gate.isOpen)) this.#checkLater();
  };

  /** An input is full. Does another one starve because of that? Those who feed them need a moment to get stuck. */
  #checkLater(): void {
    if (this.#isCheckDue) return;
    this.#isCheckDue = true;
    const check = () => {
      this.#isCheckDue = false;
      if (!this.#subscriber.closed && !this.#hasTuple()) this.#relieve();
    };
    if (this.#looks === 0) setImmediate(check);
    else this.#look = setTimeout(check, LOOK_MS);
    this.#looks++;
  }

  #relieve(): void {
    const full = this.#inlets.filter((inlet) => !inlet.gate.isOpen);
    const starved = this.#inlets.filter((inlet) => inlet.values.length === 0 && !inlet.isOver);
    if (full.length === 0 || starved.length === 0) return;
    const shut = new Set(full.map((inlet) => inlet.gate));
    const isSilent = ({ gate }: Inlet) => gate.entered === 0 && gate.feeders.size === 0 && this.#looks > SILENT_LOOKS;
    if (starved.some((inlet) => isFeederStuck(inlet.gate, shut) || isSilent(inlet))) this.#grow(full);
    else this.#checkLater();
  }

  #grow(full: readonly Inlet[]): void {
    this.#looks = 0;
    for (const inlet of full) {
      inlet.gate.grow();
      const relief = { inputIndex: this.#inlets.indexOf(inlet), highWaterMark: inlet.gate.highWaterMark };
      if (this.#options.onRelief) this.#options.onRelief(relief);
      else warn('TIDEGATE_RELIEF', reliefText(relief));
    }
  }

  #dispose(): void {
    clearTimeout(this.#look);
    for (const inlet of this.#inlets) {
      inlet.gate.dispose();
      inlet.values.length = 0;
    }
  }
}

function reliefText(relief: { readonly inputIndex: number; readonly highWaterMark: number }): string {
  return (
    `zip holds up to ${relief.highWaterMark} values of input ${relief.inputIndex}: another input comes from the ` +
    'same source and starves until it goes on. Set highWaterMark, or do not split this source unevenly'
  );
}
