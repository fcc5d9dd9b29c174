import type { Found } from './found.ts';
import type { JobOptions } from './job-protocol.ts';
import { LocalLane } from './local-lane.ts';
import type { Meter } from './meter.ts';
import type { Piece } from './piece.ts';
import { PieceQueue } from './piece-queue.ts';
import { WorkerEnded, WorkerLane } from './worker-lane.ts';

/** Options for {@link extractInWorkers}. */
export interface WorkersOptions {
  /** Worker threads. */
  readonly jobs: number;
  /** Options of the format. */
  readonly options: JobOptions;
  /** Aborted: files under way end as `partial`, no new ones are begun. */
  readonly stop: AbortSignal;
  /** Aborted: the pieces end at once. */
  readonly signal?: AbortSignal | undefined;
  /** Counts the bytes of what is read in this thread. */
  readonly meter?: Meter | undefined;
}

/**
 * The records of many inputs as pieces of JSON lines, extracted by worker threads with synchronous reads, a whole
 * file each. The lines of different files are mixed, those of one file are in order, and no line is torn.
 *
 * Holds at most `PIECES_PER_LANE` pieces for each worker: one that has none left waits until a piece is released.
 * A thread that ends (out of memory, a crash of its file's library) costs its file an `issue`, and is replaced.
 */
export async function* extractInWorkers(
  inputs: AsyncGenerator<Found, void, void>,
  settings: WorkersOptions,
): AsyncGenerator<Piece, void, void> {
  const { stop, signal } = settings;
  if (signal?.aborted) return;
  const queue = new PieceQueue();
  const stopFlag = new SharedArrayBuffer(1);
  const raiseFlag = () => void Atomics.store(new Uint8Array(stopFlag), 0, 1);
  const leave = () => queue.end();
  stop.addEventListener('abort', raiseFlag, { once: true });
  signal?.addEventListener('abort', leave, { once: true });
  if (stop.aborted) raiseFlag();
  const setup = { options: settings.options, stop: stopFlag };
  const lanes = Array.from({ length: settings.jobs }, () => new WorkerLane(setup, (piece) => queue.push(piece)));
  try {
    const runs = lanes.map((lane) => runLane(lane, inputs, settings, (piece) => queue.push(piece)));
    Promise.all(runs).then(
      () => queue.end(),
      (error: unknown) => queue.fail(error),
    );
    yield* queue;
  } finally {
    stop.removeEventListener('abort', raiseFlag);
    signal?.removeEventListener('abort', leave);
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

/** One lane takes one input after the other; what its worker cannot do is done in this thread. */
async function runLane(
  lane: WorkerLane,
  inputs: AsyncGenerator<Found, void, void>,
  { options, stop, signal, meter }: WorkersOptions,
  emit: (piece: Piece) => void,
): Promise<void> {
  let local: LocalLane | undefined;
  const here = () => (local ??= new LocalLane({ ...options, meter, signal, stop }, emit));
  while (!stop.aborted) {
    const next = await inputs.next();
    if (next.done || signal?.aborted) return;
    const found = next.value;
    try {
      await (found.kind === 'file' ? lane.extract(found) : here().extract(found));
    } catch (error) {
      if (!(error instanceof WorkerEnded)) throw error;
      await here().close(error);
    }
  }
}
