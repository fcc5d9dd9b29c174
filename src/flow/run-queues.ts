/** A queue as a run counts it. */
export interface CountedQueue {
  /** Bytes in it, by the `sizeOf` of its stage or sink. */
  readonly bytes: number;
  /** What the sink behind it holds in buffers of its own. */
  readonly held: (() => number) | undefined;
  /** Where it counts, until it is disposed of. */
  queues: RunQueues | undefined;
}

/**
 * The queues of one run: of its sink, and of all stages that were subscribed for it. Other runs of the process have
 * theirs. A sink begins one; whoever is subscribed finds it at the gate below. What several share is in that of the first.
 */
export class RunQueues {
  readonly #queues: Set<CountedQueue> = new Set();

  add(queue: CountedQueue): void {
    this.#queues.add(queue);
    queue.queues = this;
  }

  delete(queue: CountedQueue): void {
    this.#queues.delete(queue);
  }

  /** Bytes in all of them, and in the sink's own buffers. */
  get bytes(): number {
    let bytes = 0;
    for (const queue of this.#queues) bytes += queue.bytes + heldBytes(queue);
    return bytes;
  }
}

/** A sink of the user's may say anything. */
function heldBytes({ held }: CountedQueue): number {
  return held === undefined ? 0 : Math.max(0, Math.trunc(held())) || 0;
}
