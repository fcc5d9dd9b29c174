import { Arrivals } from '../arrivals.ts';
import type { Found } from '../find/found.ts';
import type { JobOptions } from './job-protocol.ts';
import type { Lane, Part } from './lane.ts';
import { LocalLane } from './local-lane.ts';
import type { Meter } from './meter.ts';
import type { Piece } from './piece.ts';
import { WorkerEnded, WorkerLane } from './worker-lane.ts';

/** Options for {@link PieceLane}. */
interface PieceLaneOptions {
  /** Worker threads: no more inputs than this may be under way at once. */
  readonly jobs: number;
  /** Options of the format. */
  readonly options: JobOptions;
  /** Aborted: files under way end as `partial`. */
  readonly stop?: AbortSignal | undefined;
  /** Counts the bytes of what is read in this thread. */
  readonly meter?: Meter | undefined;
}

/**
 * Pieces of JSON lines, extracted by worker threads with synchronous reads, a whole file each. The pieces of different
 * files are mixed, those of one file are in order, and no line is torn.
 *
 * Holds at most `PIECES_PER_LANE` pieces for each worker: one that has none left waits until a piece is released.
 * A thread that ends (out of memory, a crash of its file's library) costs its file an `issue`, and is replaced.
 */
export class PieceLane implements Lane<Piece> {
  readonly #settings: PieceLaneOptions;
  readonly #workers: readonly WorkerLane[];
  readonly #idleWorkers: WorkerLane[];
  readonly #idleLocals: LocalLane[] = [];
  readonly #raiseFlag: () => void;

  constructor(settings: PieceLaneOptions) {
    this.#settings = settings;
    const stopFlag = new SharedArrayBuffer(1);
    this.#raiseFlag = () => void Atomics.store(new Uint8Array(stopFlag), 0, 1);
    settings.stop?.addEventListener('abort', this.#raiseFlag, { once: true });
    if (settings.stop?.aborted) this.#raiseFlag();
    const setup = { options: settings.options, stop: stopFlag };
    this.#workers = Array.from({ length: settings.jobs }, () => new WorkerLane(setup));
    this.#idleWorkers = [...this.#workers];
  }

  async *extract(found: Found, signal: AbortSignal): AsyncGenerator<Part<Piece>, void, void> {
    const pieces = new Arrivals<Piece>();
    const emit = (piece: Piece) => pieces.push(piece);
    const leave = () => pieces.fail(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    try {
      this.#run(found, signal, emit).then(
        () => pieces.end(),
        (error: unknown) => pieces.fail(error),
      );
      for await (const value of pieces) yield { value, weightBytes: value.byteLength, failure: value.failure };
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  async close(): Promise<void> {
    this.#settings.stop?.removeEventListener('abort', this.#raiseFlag);
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  /** What no worker can do, or has not brought to its end, is done in this thread. */
  async #run(found: Found, signal: AbortSignal, emit: (piece: Piece) => void): Promise<void> {
    if (found.kind !== 'file') {
      const { options, stop, meter } = this.#settings;
      return await this.#here((local) => local.extract(found, { ...options, meter, signal, stop }, emit));
    }
    const worker = this.#idleWorkers.pop()!;
    try {
      await worker.extract(found, emit);
    } catch (error) {
      if (!(error instanceof WorkerEnded)) throw error;
      await this.#here((local) => local.close(error, emit));
    } finally {
      this.#idleWorkers.push(worker);
    }
  }

  async #here(work: (local: LocalLane) => Promise<void>): Promise<void> {
    const local = this.#idleLocals.pop() ?? new LocalLane();
    await work(local);
    this.#idleLocals.push(local);
  }
}
