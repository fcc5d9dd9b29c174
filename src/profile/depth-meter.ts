/** How full the next queue behind was. */
export interface QueueDepth {
  /** Over the time. */
  readonly meanItems: number;
  readonly peakItems: number;
  readonly peakBytes: number;
}

/** The queue that a {@link Profiler} looks at. */
export interface WatchedQueue {
  readonly items: number;
  readonly bytes: number;
  readonly shut: { readonly totalMs: number };
}

/** Follows how full a queue is, between one look and the next. */
export class DepthMeter {
  readonly #queue: WatchedQueue | undefined;
  readonly #startedAtMs: number = performance.now();
  readonly #shutAtStartMs: number;
  #lookedAtMs: number = this.#startedAtMs;
  /** Items times ms. */
  #area = 0;
  #peakItems = 0;
  #peakBytes = 0;

  constructor(queue: WatchedQueue | undefined) {
    this.#queue = queue;
    this.#shutAtStartMs = queue?.shut.totalMs ?? 0;
  }

  /** How long the gate of the queue was shut. */
  get waitedMs(): number {
    return this.#queue === undefined ? 0 : this.#queue.shut.totalMs - this.#shutAtStartMs;
  }

  look(nowMs: number): void {
    if (this.#queue === undefined) return;
    const { items, bytes } = this.#queue;
    this.#area += items * (nowMs - this.#lookedAtMs);
    this.#lookedAtMs = nowMs;
    if (items > this.#peakItems) this.#peakItems = items;
    if (bytes > this.#peakBytes) this.#peakBytes = bytes;
  }

  stop(): { readonly waitedMs: number; readonly queue: QueueDepth } {
    const nowMs = performance.now();
    this.look(nowMs);
    const meanItems = this.#area / Math.max(Number.EPSILON, nowMs - this.#startedAtMs);
    return { waitedMs: this.waitedMs, queue: { meanItems, peakItems: this.#peakItems, peakBytes: this.#peakBytes } };
  }
}
