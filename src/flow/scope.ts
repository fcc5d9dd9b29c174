import { type Observable, Subscriber, type Subscription } from 'rxjs';
import { type Barrier, cut, uncut, type Valve } from './emission.ts';
import { findDownstream, GATE, isStructural, VALVE } from './structure.ts';

let scope: Barrier | undefined;

/** The gate of the stage or sink that is subscribing right now: for sources whose subscriber leads to no gate. */
export function currentScope(): Barrier | undefined {
  return scope;
}

/** The first gate behind `subscriber`: that of the next stage, or of the sink. */
export function gateBelow(subscriber: Subscriber<never>): Barrier | undefined {
  return (isStructural() ? findDownstream(subscriber).gate : undefined) ?? scope;
}

/** Puts another gate (or none) in scope and returns the one before: whoever emits leaves the subscription it is in. */
export function swapScope(gate: Barrier | undefined): Barrier | undefined {
  const saved = scope;
  scope = gate;
  return saved;
}

/** The three callbacks of a stage or sink, on an object made for one subscription. They must not throw. */
export interface GatedObserver<T> {
  next(value: T): void;
  error(error: unknown): void;
  complete(): void;
  [GATE]?: Barrier;
  [VALVE]?: Valve;
  /** Where the walk to the next gate goes on, for an operator that holds nothing. */
  destination?: Subscriber<never>;
}

/**
 * Subscribes a stage or sink to its source: the sources above find `gate`, whatever the way there.
 * The subscription belongs to `owner` before the source gets to run, so that a synchronous end cannot slip by.
 */
export function subscribeGated<T>(
  source: Observable<T>,
  gate: Barrier,
  observer: GatedObserver<T>,
  owner: Subscription,
): Subscription {
  observer[GATE] = gate;
  const inner = new Subscriber<T>(observer);
  owner.add(inner);
  const savedScope = scope;
  const savedCut = cut();
  scope = gate;
  try {
    source.subscribe(inner);
  } finally {
    scope = savedScope;
    uncut(savedCut);
  }
  return inner;
}

/**
 * Subscribes an operator that holds nothing: the sources above look through it, at what is behind `below`.
 * With `valve`, they are also held back by it.
 */
export function subscribeThrough<T>(
  source: Observable<T>,
  below: Subscriber<never>,
  observer: GatedObserver<T>,
  owner: Subscription = below,
  valve?: Valve,
): Subscription {
  observer.destination = below;
  if (valve !== undefined) observer[VALVE] = valve;
  const inner = new Subscriber<T>(observer);
  owner.add(inner);
  source.subscribe(inner);
  return inner;
}
