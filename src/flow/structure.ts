import { Observable, Subscriber } from 'rxjs';
import { map } from 'rxjs/operators';
import type { Barrier, Valve } from './emission.ts';

/** An observer with this key is where a stage or sink begins: the gate of whoever consumes here. */
export const GATE: unique symbol = Symbol('tidegate.gate');
/** An observer with this key limits the memory of the sources above it. */
export const VALVE: unique symbol = Symbol('tidegate.valve');

/** What a subscriber finds on its way down: the first gate, and a limit on memory before or behind it. */
export interface Downstream {
  readonly gate: Barrier | undefined;
  readonly valve: Valve | undefined;
}

/** What the walk looks at. `destination` and `partialObserver` are not public in rxjs 7: {@link isStructural} checks. */
interface Node {
  readonly destination?: Node;
  readonly partialObserver?: Node;
  readonly [GATE]?: Barrier;
  readonly [VALVE]?: Valve;
}

const MAX_HOPS = 100_000;

/** Walks down the chain of subscribers to the first gate. It ends early at share, Subjects and plain observers. */
export function findDownstream(subscriber: Subscriber<never>): Downstream {
  let valve: Valve | undefined;
  let node = subscriber as unknown as Node | undefined;
  for (let hops = 0; node && hops < MAX_HOPS; hops++) {
    valve ??= node[VALVE];
    const gate = node[GATE];
    if (gate) return { gate, valve: valve ?? gate.valve };
    node = node.destination ?? node.partialObserver;
  }
  return { gate: undefined, valve };
}

let verdict: boolean | undefined;

/**
 * `true` if this rxjs links subscribers in the way that {@link findDownstream} walks. Tested once, by a canary
 * subscription. If not, subscription scope and emission still bind the sources.
 */
export function isStructural(): boolean {
  if (verdict !== undefined) return verdict;
  const gate = {} as Barrier;
  let found: Barrier | undefined;
  const canary = new Observable<number>((subscriber) => {
    found = findDownstream(subscriber as Subscriber<never>).gate;
  });
  const observer = { next: () => {}, error: () => {}, complete: () => {}, [GATE]: gate };
  canary
    .pipe(map((x) => x))
    .subscribe(new Subscriber(observer))
    .unsubscribe();
  verdict = found === gate;
  return verdict;
}

/** Overrides the self-test; `undefined` runs it again. For tests of the fallback. */
export function setStructural(value: boolean | undefined): void {
  verdict = value;
}
