import type { MemoryReport } from '../memory/memory-report.ts';
import type { RunQueues } from './run-queues.ts';
import type { ShutClock } from './shut-clock.ts';

/**
 * Something that may be shut: whoever pushes into it has to wait. A gate.
 */
export interface Barrier {
  readonly label: string;
  /** Checked before every item; a plain field, because it is read that often. */
  readonly isOpen: boolean;
  /** Bytes behind it. */
  readonly bytes: number;
  /** Items behind it. */
  readonly items: number;
  /** What the sink behind it holds in buffers of its own. */
  readonly held: (() => number) | undefined;
  /** How often it has opened: a clock that must not run while it is shut looks at this. */
  readonly openings: number;
  readonly shut: ShutClock;
  /** What is behind the barrier, for people: `'16/16 items'`. */
  readonly fill: string;
  /** Everybody who has pushed, or will push, into this barrier and has not ended. */
  readonly feeders: ReadonlySet<Emitter>;
  /** Who carries on what this barrier lets in: the stage behind it. `undefined` for the end of a pipeline. */
  readonly carrier: Emitter | undefined;
  /** A limit on memory that binds the sources behind this barrier. */
  readonly valve: Valve | undefined;
  /** Where the bytes behind it are counted. */
  readonly queues: RunQueues | undefined;
  /** Wakes `emitter` on a microtask once there is room; `isFirst` puts it before those who came earlier. */
  await(emitter: Emitter, isFirst: boolean): void;
  /** `emitter` does not wait any more. */
  forget(emitter: Emitter): void;
  addFeeder(emitter: Emitter): void;
  removeFeeder(emitter: Emitter): void;
}

/** Something that pushes items: a source, a stage, or a sink that calls the user's function. */
export interface Emitter {
  readonly label: string;
  /** The barriers that it has to wait for. */
  readonly barriers: readonly Barrier[];
  /** The barriers through which it is fed; none for a source. */
  readonly inlets: readonly Barrier[];
  /** `true` while it works on something that will come out later. */
  readonly isBusy: boolean;
  /** From now on it waits while `barrier` is shut. */
  bind(barrier: Barrier): void;
  /** `barrier` is gone. */
  unbind(barrier: Barrier): void;
  /** Called by a barrier that has room again. */
  wake(): void;
}

/** A limit on memory. It holds back sources only, lets one item pass now and then, and never blocks an end. */
export interface Valve {
  readonly isShut: boolean;
  /** The queues that it counts, if it counts any. */
  readonly queues?: RunQueues | undefined;
  /** What it saw of memory so far, for the report of the run. */
  readonly report?: () => MemoryReport;
  /** Calls back when the holder may emit (again, or one more item). Returns a function that cancels it. */
  whenOpen(callback: () => void): () => void;
}

/**
 * One entry of the emission stack: who is pushing, and who pushes it in turn. A gate that is, or becomes, shut while
 * it receives an item finds there whom it has to bind: this catches share, Subjects, EventEmitters and hand-written
 * operators.
 */
export class Frame {
  readonly emitter: Emitter;
  parent: Frame | undefined;
  /** It is on the stack: an emitter that pushes inside its own push needs another frame. */
  isUsed = false;

  constructor(emitter: Emitter) {
    this.emitter = emitter;
  }
}

let current: Frame | undefined;

/** Puts `frame` on top of the stack. Returns what has to be given to {@link leaveEmission}. */
export function enterEmission(frame: Frame): Frame | undefined {
  const saved = current;
  frame.parent = saved;
  frame.isUsed = true;
  current = frame;
  return saved;
}

/** Begins a stack of its own with `frame`: all who push it are hidden from the gates further on. */
export function enterCut(frame: Frame): Frame | undefined {
  const saved = current;
  frame.parent = undefined;
  frame.isUsed = true;
  current = frame;
  return saved;
}

/** Ends what {@link enterEmission} or {@link enterCut} began. */
export function leaveEmission(frame: Frame, saved: Frame | undefined): void {
  frame.isUsed = false;
  current = saved;
}

/** Hides the present stack until {@link uncut} is called with what this returned. */
export function cut(): Frame | undefined {
  const saved = current;
  current = undefined;
  return saved;
}

/** Ends what {@link cut} began. */
export function uncut(saved: Frame | undefined): void {
  current = saved;
}

/** Makes everybody who is pushing right now wait for `barrier`. */
export function bindEmitters(barrier: Barrier): void {
  for (let frame = current; frame !== undefined; frame = frame.parent) frame.emitter.bind(barrier);
}

/** Who pushes the present item, if anybody known does. */
export function currentEmitter(): Emitter | undefined {
  return current?.emitter;
}
