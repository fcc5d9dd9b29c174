import { nonNegativeInteger, positiveInteger } from '../options.ts';
import { type Barrier, bindEmitters, currentEmitter, type Emitter, type Valve } from './emission.ts';
import { warnOfOverrun } from './overrun.ts';
import type { RunQueues } from './run-queues.ts';
import { ShutClock } from './shut-clock.ts';
import { noteMove } from './stall.ts';

/** How much a gate lets in before it shuts. */
export interface Marks {
  /** Items inside at which the gate shuts. */
  readonly highWaterMark?: number | undefined;
  /** Items inside at which it opens again. @defaultValue half of `highWaterMark`, rounded down */
  readonly lowWaterMark?: number | undefined;
  /** Bytes inside at which the gate shuts. @defaultValue Infinity */
  readonly highWaterBytes?: number | undefined;
}

/** Items beyond the mark that a source which does not wait may push before it is told on. */
const OVERRUN_ITEMS = 1024;

/**
 * Counts what is inside a stage or a sink. It shuts at its high-water mark, in items or in bytes, and opens again
 * when both are down at the low-water mark. Whoever pushes into it while it is shut, is bound by it from then on.
 */
export class Gate implements Barrier {
  readonly label: string;
  readonly feeders: Set<Emitter> = new Set();
  carrier: Emitter | undefined;
  valve: Valve | undefined;
  queues: RunQueues | undefined;
  isOpen = true;
  items = 0;
  bytes = 0;
  /** Items that ever came in. */
  entered = 0;
  /** Items that came in while nobody known was pushing: something in between holds items. */
  enteredUnseen = 0;
  peakItems = 0;
  peakBytes = 0;
  openings = 0;
  readonly shut: ShutClock = new ShutClock();
  held: (() => number) | undefined;
  /** Called when the gate shuts. */
  onShut: (() => void) | undefined;
  #highItems: number;
  #lowItems: number;
  readonly #highBytes: number;
  readonly #lowBytes: number;
  #lastFeeder: Emitter | undefined;
  #isDisposed = false;
  #isWakeScheduled = false;
  readonly #beaten: Set<Emitter> = new Set();
  readonly #waiting: Set<Emitter> = new Set();

  constructor(label: string, marks: Marks, defaultMark: number) {
    this.label = label;
    this.#highItems = positiveInteger('highWaterMark', marks.highWaterMark ?? defaultMark);
    const half = this.#highItems === Number.POSITIVE_INFINITY ? this.#highItems : Math.floor(this.#highItems / 2);
    const low = nonNegativeInteger('lowWaterMark', marks.lowWaterMark ?? half);
    this.#lowItems = Math.min(low, this.#highItems - 1);
    this.#highBytes = positiveInteger('highWaterBytes', marks.highWaterBytes ?? Number.POSITIVE_INFINITY);
    this.#lowBytes = this.#highBytes === Number.POSITIVE_INFINITY ? this.#highBytes : Math.floor(this.#highBytes / 2);
  }

  get highWaterMark(): number {
    return this.#highItems;
  }

  get fill(): string {
    const bytes = this.bytes === 0 ? '' : `, ${this.bytes}/${this.#highBytes} bytes`;
    return `${this.items}/${this.#highItems} items${bytes}`;
  }

  /** An item came in. Shuts the gate at the mark; binds those who push if it is shut. */
  enter(bytes: number): void {
    this.entered++;
    this.items++;
    this.bytes += bytes;
    if (this.items > this.peakItems) this.peakItems = this.items;
    if (this.bytes > this.peakBytes) this.peakBytes = this.bytes;
    this.#noteFeeder();
    if (this.isOpen && (this.items >= this.#highItems || this.bytes >= this.#highBytes)) {
      this.isOpen = false;
      this.shut.begin();
      this.onShut?.();
    }
    if (!this.isOpen) {
      bindEmitters(this);
      if (this.feeders.size === 0 && this.items > this.#highItems + OVERRUN_ITEMS) {
        warnOfOverrun(this.label, this.items, this.#highItems);
      }
    }
  }

  /** An item came in and is through already. */
  pass(): void {
    this.entered++;
    this.#noteFeeder();
  }

  /** `items` are done with. */
  leave(bytes: number, items = 1): void {
    this.items -= items;
    this.bytes -= bytes;
    noteMove();
    if (!this.isOpen && this.items <= this.#lowItems && this.bytes <= this.#lowBytes) this.#open();
  }

  /** Lets in twice as many items from now on. */
  grow(): void {
    this.#highItems *= 2;
    this.#lowItems = Math.floor(this.#highItems / 2);
    if (!this.isOpen && this.items <= this.#lowItems) this.#open();
  }

  await(emitter: Emitter, isFirst: boolean): void {
    if (this.#isDisposed) queueMicrotask(() => emitter.wake());
    else (isFirst ? this.#beaten : this.#waiting).add(emitter);
  }

  forget(emitter: Emitter): void {
    this.#beaten.delete(emitter);
    this.#waiting.delete(emitter);
  }

  addFeeder(emitter: Emitter): void {
    if (!this.#isDisposed) this.feeders.add(emitter);
  }

  removeFeeder(emitter: Emitter): void {
    this.feeders.delete(emitter);
    if (this.#lastFeeder === emitter) this.#lastFeeder = undefined;
  }

  /** How many wait here. */
  get waiterCount(): number {
    return this.#beaten.size + this.#waiting.size;
  }

  /** The consumer has ended: nobody waits for this gate any more. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.isOpen = true;
    this.shut.end();
    this.queues?.delete(this);
    for (const emitter of this.feeders) emitter.unbind(this);
    this.feeders.clear();
    this.#lastFeeder = undefined;
    const waiters = [...this.#beaten, ...this.#waiting];
    this.#beaten.clear();
    this.#waiting.clear();
    for (const emitter of waiters) queueMicrotask(() => emitter.wake());
  }

  #noteFeeder(): void {
    const emitter = currentEmitter();
    if (emitter === undefined) this.enteredUnseen++;
    else if (emitter !== this.#lastFeeder) {
      this.#lastFeeder = emitter;
      if (!this.feeders.has(emitter)) {
        this.feeders.add(emitter);
        emitter.bind(this);
      }
    }
  }

  #open(): void {
    this.isOpen = true;
    this.openings++;
    this.shut.end();
    if (this.waiterCount > 0) this.#scheduleWake(queueMicrotask);
  }

  #scheduleWake(on: (callback: () => void) => void): void {
    if (this.#isWakeScheduled) return;
    this.#isWakeScheduled = true;
    on(() => {
      this.#isWakeScheduled = false;
      this.#wakeSome();
    });
  }

  /** Wakes as many as there is room for; those that find the gate shut again come first the next time. */
  #wakeSome(): void {
    for (let room = this.#highItems - this.items; room > 0 && this.isOpen && this.waiterCount > 0; room--) {
      const line = this.#beaten.size > 0 ? this.#beaten : this.#waiting;
      const emitter = line.values().next().value!;
      line.delete(emitter);
      emitter.wake();
    }
    // Those just woken may have nothing to say: the others get their chance on the next turn.
    if (this.isOpen && this.waiterCount > 0) this.#scheduleWake(setImmediate);
  }
}
