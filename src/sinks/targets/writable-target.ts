import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { TidegateError } from '../../errors.ts';
import type { ByteTarget } from './byte-target.ts';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A Node Writable, fed by its own rules: `write()` until it says no, then nothing before `drain`. */
export class WritableTarget implements ByteTarget {
  readonly name: string;
  readonly #stream: Writable;
  readonly #isBorrowing: boolean;
  #failure: Error | undefined;
  #waiter: Waiter | undefined;
  #signal: AbortSignal | undefined;

  /** `isBorrowing`: the memory of bytes is used again, so each piece is waited for until the stream is done with it. */
  constructor(stream: Writable, isBorrowing = false) {
    this.#stream = stream;
    this.#isBorrowing = isBorrowing;
    this.name = isStandard(stream) ? `standard ${stream === process.stdout ? 'output' : 'error'}` : 'the Writable';
  }

  get bufferedBytes(): number {
    return this.#stream.writableObjectMode ? 0 : (this.#stream.writableLength ?? 0);
  }

  start(signal: AbortSignal): void | Promise<void> {
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#stream.on('drain', this.#onDrain);
    this.#stream.on('error', this.#onError);
    this.#stream.on('close', this.#onClose);
    if (this.#stream.destroyed || this.#stream.writableEnded) this.#onClose();
    else if (this.#stream.writableNeedDrain) return this.#drained();
  }

  /** In object mode the piece may be any value but `null`. */
  write(piece: unknown): void | Promise<void> {
    if (this.#failure) throw this.#failure;
    try {
      if (this.#isBorrowing && typeof piece !== 'string') return this.#taken(piece);
      if (this.#stream.write(piece)) return;
    } catch (error) {
      throw this.#typed(error);
    }
    return this.#drained();
  }

  async close(): Promise<void> {
    if (this.#failure) throw this.#failure;
    try {
      if (isStandard(this.#stream)) {
        await new Promise<void>((resolve, reject) => {
          this.#stream.write('', (error) => (error ? reject(error) : resolve()));
        });
      } else {
        this.#stream.off('close', this.#onClose);
        const over = isNodeStream(this.#stream) ? finished(this.#stream, { readable: false }) : this.#consumed();
        this.#stream.end();
        await over;
      }
    } catch (error) {
      throw this.#typed(error);
    } finally {
      this.#unlisten();
    }
  }

  abort(reason: unknown): void {
    this.#unlisten();
    this.#fail(this.#typed(reason));
    // Standard output and error belong to the process, not to one run.
    if (!isStandard(this.#stream)) this.#stream.destroy(this.#failure);
  }

  #taken(piece: unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve: () => {}, reject };
      this.#stream.write(piece, (error) => (error ? this.#onError(error) : resolve()));
    });
  }

  /** Of a stream of another kind (highland), the end comes when somebody has read it. */
  #consumed(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
      for (const event of ['end', 'finish', 'close']) this.#stream.once(event, () => resolve());
    });
  }

  #drained(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure) reject(this.#failure);
      else this.#waiter = { resolve, reject };
    });
  }

  readonly #onDrain = (): void => {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.resolve();
  };

  readonly #onError = (error: Error): void => this.#fail(this.#typed(error));

  readonly #onClose = (): void =>
    this.#fail(new TidegateError('ERR_SINK', `Cannot write to ${this.name}: it was closed before the end`));

  readonly #onAbort = (): void => this.#fail(this.#typed(this.#signal?.reason));

  #fail(error: Error): void {
    this.#failure ??= error;
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.reject(this.#failure);
  }

  #typed(error: unknown): Error {
    if (error instanceof TidegateError) return error;
    const what = error instanceof Error ? error.message : String(error);
    return new TidegateError('ERR_SINK', `Cannot write to ${this.name}: ${what}`, { cause: error });
  }

  /** The listener for `error` stays: one that nobody hears would end the process. */
  #unlisten(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#stream.off('drain', this.#onDrain);
    this.#stream.off('close', this.#onClose);
  }
}

function isNodeStream(stream: Writable): boolean {
  return typeof stream.writableFinished === 'boolean';
}

function isStandard(stream: Writable): boolean {
  return stream === process.stdout || stream === process.stderr;
}
