import type { Barrier, Emitter } from './emission.ts';

/**
 * `true` if nothing can come through `barrier` until one of `shut` opens: everybody who feeds it waits for those,
 * directly or through the stages between. A feeder that merely takes its time is not stuck.
 */
export function isFeederStuck(barrier: Barrier, shut: ReadonlySet<Barrier>): boolean {
  return barrier.feeders.size > 0 && everyStuck(barrier.feeders, shut, new Set());
}

function everyStuck(emitters: Iterable<Emitter>, shut: ReadonlySet<Barrier>, seen: Set<Emitter>): boolean {
  for (const emitter of emitters) if (!isStuck(emitter, shut, seen)) return false;
  return true;
}

function isStuck(emitter: Emitter, shut: ReadonlySet<Barrier>, seen: Set<Emitter>): boolean {
  if (seen.has(emitter)) return true;
  seen.add(emitter);
  const waitsFor = emitter.barriers.filter((barrier) => !barrier.isOpen);
  if (waitsFor.length > 0) {
    return waitsFor.some((barrier) => shut.has(barrier) || (barrier.carrier && isStuck(barrier.carrier, shut, seen)));
  }
  if (emitter.inlets.length === 0 || emitter.isBusy) return false;
  return emitter.inlets.every((inlet) => inlet.feeders.size > 0 && everyStuck(inlet.feeders, shut, seen));
}
