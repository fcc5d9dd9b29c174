import { Worker } from 'node:worker_threads';
import { strategyOf } from '../../memory/strategy.ts';
import type { Found } from '../find/found.ts';
import type { Place } from './closing-records.ts';
import type { FromWorker, JobSetup, ToWorker } from './job-protocol.ts';
import type { Piece } from './piece.ts';

interface Current {
  place: Place;
  readonly emit: (piece: Piece) => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A worker thread that extracts one file at a time. Should it end, the next file gets a new one. */
export class WorkerLane {
  readonly #setup: JobSetup;
  #worker: Worker | undefined;
  #current: Current | undefined;
  #isClosed = false;

  constructor(setup: JobSetup) {
    this.#setup = setup;
  }

  /**
   * Settles when the file has ended and its last piece is emitted. Rejects with a {@link WorkerEnded} when the thread
   * has ended before the file. Does not settle any more when the lane is closed.
   */
  extract(found: Extract<Found, { kind: 'file' }>, emit: (piece: Piece) => void): Promise<void> {
    if (this.#isClosed) return new Promise(() => {});
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve, reject) => {
      const place = { file: found.path, format: this.#setup.options.format ?? 'binary', seq: 0 };
      this.#current = { place, emit, resolve, reject };
      send(worker, { kind: 'file', path: found.path, name: found.name });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#current = undefined;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./job-worker.js', import.meta.url), {
      workerData: this.#setup,
      // New objects: Node 24 would take 192 MB for them, and gain nothing by it.
      resourceLimits: { maxYoungGenerationSizeMb: strategyOf(this.#setup.options.strategy).youngGenerationMiB },
    });
    worker.on('message', (message: FromWorker) => this.#receive(worker, message));
    worker.on('error', (error) => this.#ended(worker, error));
    worker.on('exit', (code) => this.#ended(worker, new Error(`it left with code ${code}`)));
    return worker;
  }

  #receive(worker: Worker, message: FromWorker): void {
    if (message.kind === 'done') {
      const current = this.#current;
      this.#current = undefined;
      current?.resolve();
      return;
    }
    const { memory, lengthBytes, summary, failure, place } = message;
    const current = this.#current;
    if (current === undefined) return;
    current.place = place;
    const release = () => send(worker, { kind: 'memory', memory });
    const bytes = new Uint8Array(memory, 0, lengthBytes);
    current.emit({ bytes, byteLength: lengthBytes, summary, failure, release });
  }

  #ended(worker: Worker, cause: Error): void {
    if (this.#worker === worker) this.#worker = undefined;
    const current = this.#current;
    this.#current = undefined;
    current?.reject(new WorkerEnded(current.place, cause));
  }
}

/** The thread has ended before its file. */
export class WorkerEnded extends Error {
  /** How far the file had come. */
  readonly place: Place;

  constructor(place: Place, cause: Error) {
    super(`Cannot finish ${place.file}: its worker thread has ended: ${cause.message}`, { cause });
    this.place = place;
  }
}

function send(worker: Worker, message: ToWorker): void {
  worker.postMessage(message, message.kind === 'memory' ? [message.memory] : []);
}
