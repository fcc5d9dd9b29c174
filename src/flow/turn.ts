/** A slice of work after which the event loop gets its turn. */
const SLICE_MS = 10;
/** The most work units between two looks at the clock. */
const MAX_UNITS = 64;

const parked: (() => void)[] = [];
let head = 0;
let isScheduled = false;
let sliceStart = performance.now();
let lookedAt = sliceStart;
let unitsLeft = MAX_UNITS;
let unitsBetween = MAX_UNITS;

/**
 * Counts `units` of synchronous work (items) for the whole process, and says whether the event loop is due its
 * turn: then wait for {@link nextTurn}. All drivers share this clock, else two of them would starve the timers.
 */
export function isTurnOver(units = 1): boolean {
  unitsLeft -= units;
  if (unitsLeft > 0) return false;
  const now = performance.now();
  // Slow items: look at the clock more often, so that one slice stays one slice.
  const spent = now - lookedAt;
  if (spent > 2) unitsBetween = Math.max(1, unitsBetween >> 1);
  else if (spent < 0.5 && unitsBetween < MAX_UNITS) unitsBetween <<= 1;
  lookedAt = now;
  unitsLeft = unitsBetween;
  return now - sliceStart > SLICE_MS;
}

/** Calls back on the next turn of the event loop, one caller a turn, with a fresh slice. */
export function nextTurn(callback: () => void): void {
  parked.push(callback);
  schedule();
}

/** {@link nextTurn} as a promise. */
export function turn(): Promise<void> {
  return new Promise(nextTurn);
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(runOne);
}

function runOne(): void {
  isScheduled = false;
  const callback = parked[head]!;
  parked[head++] = NOTHING;
  if (head === parked.length) {
    parked.length = 0;
    head = 0;
  } else {
    if (head > 1024 && head * 2 > parked.length) {
      parked.splice(0, head);
      head = 0;
    }
    schedule();
  }
  sliceStart = lookedAt = performance.now();
  callback();
}

const NOTHING = (): void => {};
