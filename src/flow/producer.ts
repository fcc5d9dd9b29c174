import type { Subscriber } from 'rxjs';
import { type Barrier, type Emitter, enterCut, enterEmission, Frame, leaveEmission, type Valve } from './emission.ts';
import { Lag } from './lag.ts';
import type { RunQueues } from './run-queues.ts';
import { currentScope, swapScope } from './scope.ts';
import { enlist, retire, startStallClock } from './stall.ts';
import { findDownstream, isStructural } from './structure.ts';

const NO_INLETS: readonly Barrier[] = [];

/**
 * One per subscription of a source or stage: knows the gates that it has to wait for, and emits for it.
 * On subscription it binds the gate that its subscriber leads to, else the one in whose scope it is subscribed;
 * while it emits, it can be bound by any gate that its items run into.
 */
export class Producer<T> implements Emitter {
  readonly label: string;
  readonly barriers: Barrier[] = [];
  /** A limit on memory; for sources only, stages hand it on to their own gate. */
  valve: Valve | undefined;
  inlets: readonly Barrier[] = NO_INLETS;
  /** The gate that it was bound to on subscription. */
  readonly below: Barrier | undefined;
  /** The queues of its run. */
  readonly queues: RunQueues | undefined;
  /** What is to be asked whether the stage works on something; sources and sinks have none. */
  busy: (() => boolean) | undefined;
  readonly #subscriber: Subscriber<T> | undefined;
  readonly #lag: Lag = new Lag();
  readonly #frame: Frame = new Frame(this);
  #callback: (() => void) | undefined;
  #waitingOn: Barrier | undefined;
  /** Woken, and nothing emitted since: if the gate is shut by then, it was beaten to it, and comes first next time. */
  #wasWoken = false;
  #isDisposed = false;

  /** Without a `subscriber` it stands for a sink, which calls the user's function. */
  constructor(label: string, subscriber?: Subscriber<T>) {
    this.label = label;
    this.#subscriber = subscriber;
    enlist(this);
    if (subscriber === undefined) return;
    const found = isStructural() ? findDownstream(subscriber as Subscriber<never>) : undefined;
    this.below = found?.gate ?? currentScope();
    this.valve = found?.valve ?? this.below?.valve;
    this.queues = this.below?.queues ?? this.valve?.queues;
    if (this.below !== undefined) this.bind(this.below);
    subscriber.add(() => this.dispose());
  }

  /** `false`: emit nothing, wait for {@link whenOpen} or {@link ready}. Check it before every single item. */
  get isOpen(): boolean {
    const barriers = this.barriers;
    for (let i = 0; i < barriers.length; i++) if (!barriers[i]!.isOpen) return false;
    return true;
  }

  get isBusy(): boolean {
    return this.busy?.() ?? false;
  }

  /** Emits one item. */
  next(value: T): void {
    this.#wasWoken = false;
    const frame = this.#free();
    const saved = enterEmission(frame);
    try {
      this.#subscriber!.next(value);
    } finally {
      leaveEmission(frame, saved);
    }
    if (++this.#lag.emitted > this.#lag.checkAt) this.#lag.check(this);
  }

  /** Emits one item of a stage: the sources above are hidden from the gates below, for the stage holds their items. */
  nextCut(value: T): void {
    this.#wasWoken = false;
    const frame = this.#free();
    const saved = enterCut(frame);
    const scope = swapScope(undefined);
    try {
      this.#subscriber!.next(value);
    } finally {
      swapScope(scope);
      leaveEmission(frame, saved);
    }
    if (++this.#lag.emitted > this.#lag.checkAt) this.#lag.check(this);
  }

  /** Emits `values` from `index` on, `max` at most, while all gates are open. Returns the index of the first not emitted. */
  burst(values: readonly T[], index: number, max: number): number {
    const subscriber = this.#subscriber!;
    const end = Math.min(values.length, index + max);
    const start = index;
    this.#wasWoken = false;
    const frame = this.#free();
    const saved = enterEmission(frame);
    try {
      while (index < end && this.isOpen && !subscriber.closed) subscriber.next(values[index++]!);
    } finally {
      leaveEmission(frame, saved);
    }
    if ((this.#lag.emitted += index - start) > this.#lag.checkAt) this.#lag.check(this);
    return index;
  }

  /**
   * Runs code of the user as this emitter: gates that it runs into bind this one, and nobody above it. Sources that
   * it subscribes to are bound by `scope`, for inner sources the gate `below`.
   */
  call<A, R>(code: (argument: A) => R, argument: A, scope?: Barrier): R {
    const frame = this.#free();
    const saved = enterCut(frame);
    const savedScope = swapScope(scope);
    try {
      return code(argument);
    } finally {
      swapScope(savedScope);
      leaveEmission(frame, saved);
    }
  }

  /** Calls back on a microtask once all gates are open, also after the subscription has ended. One at a time. */
  whenOpen(callback: () => void): void {
    this.#callback = callback;
    if (this.#isDisposed) queueMicrotask(() => this.wake());
    else this.#wait();
  }

  /** {@link whenOpen} as a promise. Check `isOpen` again behind it: somebody else may have been faster. */
  ready(): Promise<void> {
    return new Promise((resolve) => this.whenOpen(resolve));
  }

  bind(barrier: Barrier): void {
    if (this.#isDisposed || this.barriers.includes(barrier)) return;
    this.barriers.push(barrier);
    barrier.addFeeder(this);
    this.#lag.watch(barrier);
  }

  unbind(barrier: Barrier): void {
    const index = this.barriers.indexOf(barrier);
    if (index >= 0) this.barriers.splice(index, 1);
  }

  wake(): void {
    this.#waitingOn = undefined;
    if (this.#callback === undefined) return;
    this.#wasWoken = true;
    if (!this.isOpen && !this.#isDisposed) {
      this.#wait();
      return;
    }
    const callback = this.#callback;
    this.#callback = undefined;
    callback();
  }

  /** Ends waiting and lets go of all gates. Idempotent. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#waitingOn?.forget(this);
    for (const barrier of this.barriers) barrier.removeFeeder(this);
    this.barriers.length = 0;
    retire(this);
    if (this.#callback !== undefined) queueMicrotask(() => this.wake());
  }

  #free(): Frame {
    return this.#frame.isUsed ? new Frame(this) : this.#frame;
  }

  #wait(): void {
    const barrier = this.barriers.find((b) => !b.isOpen);
    if (barrier === undefined) {
      queueMicrotask(() => this.wake());
      return;
    }
    this.#waitingOn = barrier;
    barrier.await(this, this.#wasWoken);
    this.#wasWoken = false;
    startStallClock();
  }
}
