import { Worker } from 'node:worker_threads';
import type { Input } from '../../../bytes/input.ts';
import { TidegateError } from '../../../errors.ts';
import type { Region } from '../region.ts';
import type { Plugin } from './plugins.ts';
import { type ReadRequest, WINDOW_BYTES, type WorkerMessage, type WorkerStart } from './protocol.ts';

/** Limits of a {@link FallbackDecoder}. */
export interface FallbackLimits {
  /** For one block of elements; then the worker is killed. */
  readonly timeoutMs: number;
  /** WebAssembly memory of the worker. */
  readonly memoryBytes: number;
}

/**
 * Reads elements by h5wasm, the HDF5 library itself, for what the own reader does not decode. The library runs in a
 * worker which knows one file, through `input`, and nothing of the host. It is killed when it takes too long, and
 * replaced after any failure and when its memory has grown to half the limit, since that never shrinks.
 */
export class FallbackDecoder {
  readonly #input: Input;
  readonly #limits: FallbackLimits;
  readonly #signal: AbortSignal | undefined;
  readonly #control = new Int32Array(new SharedArrayBuffer(8));
  readonly #window = Buffer.from(new SharedArrayBuffer(WINDOW_BYTES));
  #worker: Worker | undefined;
  /** Codecs that the library has refused: it has no such filter, and asking again would cost a worker each time. */
  readonly refused: Set<string> = new Set();
  /** Filters that the worker has. */
  readonly #installed = new Set<string>();

  constructor(input: Input, limits: FallbackLimits, signal: AbortSignal | undefined) {
    this.#input = input;
    this.#limits = limits;
    this.#signal = signal;
  }

  /**
   * The elements of `region`, see `memoryType`, by the library and these plugins. `ERR_MISSING_PEER` without h5wasm, `ERR_TIMEOUT` after
   * `timeoutMs`, `ERR_UNSUPPORTED` where the library fails too.
   */
  async read(path: string, region: Region, elementBytes: number, plugins: readonly Plugin[] = []): Promise<Buffer> {
    const { start, shape } = region;
    const lengthBytes = shape.reduce((product, length) => product * length, elementBytes);
    if (lengthBytes > this.#limits.memoryBytes / 4) {
      const message = `Cannot read ${lengthBytes} bytes of ${path} at once: a quarter of fallback.memoryBytes is the limit`;
      throw new TidegateError('ERR_LIMIT', message, { limit: 'memoryBytes' });
    }
    const worker = (this.#worker ??= this.#start());
    try {
      const missing = plugins.filter(({ fileName }) => !this.#installed.has(fileName));
      const { bytes, heapBytes } = await this.#ask(worker, { path, start, shape, lengthBytes, plugins: missing });
      for (const { fileName } of missing) this.#installed.add(fileName);
      if (heapBytes > this.#limits.memoryBytes / 2) await this.close();
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } catch (error) {
      await this.close();
      this.#signal?.throwIfAborted();
      throw error;
    }
  }

  /** Ends the worker. The decoder can be used again: it starts another. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#installed.clear();
    await worker?.terminate();
  }

  #start(): Worker {
    const workerData: WorkerStart = {
      control: this.#control.buffer as SharedArrayBuffer,
      window: this.#window.buffer as unknown as SharedArrayBuffer,
      sizeBytes: this.#input.sizeBytes ?? 0,
      memoryBytes: this.#limits.memoryBytes,
    };
    const url = new URL('./worker.js', import.meta.url);
    // The library writes its diagnostics to stderr; they say nothing that a record could use.
    return new Worker(url, { workerData, env: {}, execArgv: [], stderr: true, stdout: true });
  }

  #ask(worker: Worker, request: ReadRequest): Promise<Extract<WorkerMessage, { kind: 'done' }>> {
    return new Promise((resolve, reject) => {
      const late = `Cannot decode ${request.path}: h5wasm took more than ${this.#limits.timeoutMs} ms`;
      const timer = setTimeout(() => end(() => reject(new TidegateError('ERR_TIMEOUT', late))), this.#limits.timeoutMs);
      const onAbort = () => end(() => reject(new TidegateError('ERR_ABORTED', 'Cannot decode: cancelled')));
      const onExit = () => end(() => reject(unsupported(request.path, 'the worker of h5wasm ended')));
      const onError = (error: Error) => end(() => reject(unsupported(request.path, error.message)));
      const onMessage = (message: WorkerMessage) => {
        if (message.kind === 'need') void this.#give(message.offset, message.lengthBytes);
        else if (message.kind === 'done') end(() => resolve(message));
        else if (message.kind === 'missing') end(() => reject(missingPackage(request.path, message.message)));
        else end(() => reject(unsupported(request.path, message.message)));
      };
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.#signal?.removeEventListener('abort', onAbort);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        settle();
      };
      this.#signal?.addEventListener('abort', onAbort);
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(request);
    });
  }

  /** Puts bytes of the input into the window and wakes the worker. */
  async #give(offset: number, lengthBytes: number): Promise<void> {
    let byteCount = -1;
    try {
      const chunk = await this.#input.read(offset, lengthBytes, this.#signal);
      byteCount = chunk.bytes.copy(this.#window);
      chunk.release();
    } catch {
      // The worker hears of it and its request fails.
    }
    Atomics.store(this.#control, 1, byteCount);
    Atomics.store(this.#control, 0, 1);
    Atomics.notify(this.#control, 0);
  }
}

function unsupported(path: string, seen: string): TidegateError {
  return new TidegateError('ERR_UNSUPPORTED', `Cannot decode ${path}: ${seen}`);
}

function missingPackage(path: string, seen: string): TidegateError {
  const message = `Cannot decode ${path} without h5wasm: npm install h5wasm@^0.10.3`;
  return new TidegateError('ERR_MISSING_PEER', message, { package: 'h5wasm', seen });
}
