import type { Writable } from 'node:stream';
import type { WritableStream } from 'node:stream/web';
import { TidegateError } from '../../errors.ts';
import type { ByteTarget } from './byte-target.ts';

/** What a hook opens: somewhere to write bytes to. */
export type Opened = Writable | WritableStream<Uint8Array>;

/** Opens the output of this name: an upload to object storage, an archive's entry, a file of another file system. */
export type OpenOutput = (name: string) => Opened | Promise<Opened>;

/** What a hook of the caller opens, when the run starts. */
export class HookTarget implements ByteTarget {
  readonly name: string;
  readonly #open: () => Promise<ByteTarget>;
  #target: ByteTarget | undefined;
  #isAborted = false;

  /** `toTarget` makes a target of what the hook gives. */
  constructor(name: string, open: OpenOutput, toTarget: (opened: Opened) => ByteTarget) {
    this.name = name;
    this.#open = async () => toTarget(await open(name));
  }

  get bufferedBytes(): number {
    return this.#target?.bufferedBytes ?? 0;
  }

  async start(signal: AbortSignal): Promise<void> {
    try {
      this.#target = await this.#open();
    } catch (error) {
      const message = `Cannot open ${this.name}: ${error instanceof Error ? error.message : String(error)}`;
      throw new TidegateError('ERR_SINK', message, { file: this.name, cause: error });
    }
    // It came too late for anybody to write to it.
    if (this.#isAborted) await this.#target.abort(signal.reason);
    else await this.#target.start(signal);
  }

  write(piece: string | Uint8Array): void | Promise<void> {
    return this.#target!.write(piece);
  }

  close(): void | Promise<void> {
    return this.#target!.close();
  }

  abort(reason: unknown): void | Promise<void> {
    this.#isAborted = true;
    return this.#target?.abort(reason);
  }
}
