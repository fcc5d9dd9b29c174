import type { MemoryReport } from '../memory/memory-report.ts';
import { ownRssBytes } from '../memory/own-rss.ts';
import { PeakRss } from '../memory/peak-rss.ts';
import { pressureSlowdowns } from '../memory/pressure-log.ts';
import type { Valve } from './emission.ts';
import type { Gate } from './gate.ts';
import { RunQueues } from './run-queues.ts';
import type { SinkReport } from './sink.ts';

/** Values between two looks at the queues, and at RSS, which costs as much as twenty values. */
const LOOK_EVERY = 256;
const RSS_EVERY = 2048;

/** What a run does to memory, with or without a limit on it. */
export class RunMemory {
  readonly #startedAtMs: number = performance.now();
  readonly #peak: PeakRss = new PeakRss();
  readonly #gate: Gate;
  readonly #queues: RunQueues;
  #peakQueuedBytes = 0;
  #values = 0;

  /** `gate` is that of the sink: with it begin the queues of the run, and the limit on its memory. */
  constructor(gate: Gate, valve: Valve | undefined) {
    this.#gate = gate;
    gate.valve = valve;
    this.#queues = valve?.queues ?? new RunQueues();
    this.#queues.add(gate);
    this.#peak.note(ownRssBytes());
  }

  /** Another value has come. */
  count(): void {
    if (++this.#values % LOOK_EVERY !== 0) return;
    this.#peakQueuedBytes = Math.max(this.#peakQueuedBytes, this.#queues.bytes);
    if (this.#values % RSS_EVERY === 0) this.#peak.note(ownRssBytes());
  }

  report(): Pick<SinkReport, 'elapsedMs' | 'memory' | 'slowdowns'> {
    const limited = this.#gate.valve?.report?.();
    const ofPressure = pressureSlowdowns(this.#startedAtMs);
    const slowdowns = [...(limited?.slowdowns ?? []), ...ofPressure].sort((a, b) => a.atMs - b.atMs);
    const memory: MemoryReport = {
      peakBytesInFlight: limited?.peakBytesInFlight ?? Math.max(this.#peakQueuedBytes, this.#gate.peakBytes),
      peakRssBytes: Math.max(limited?.peakRssBytes ?? 0, ownRssBytes(), this.#peak.read()),
      waitedMs: limited?.waitedMs ?? 0,
      slowdowns,
    };
    return { elapsedMs: performance.now() - this.#startedAtMs, memory, slowdowns };
  }

  /** The run is over; a report can still be had. */
  close(): void {
    this.#peak.leave();
  }
}
