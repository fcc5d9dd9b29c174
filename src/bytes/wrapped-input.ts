import type { Chunk } from './chunk.ts';
import type { Input } from './input.ts';

/** An input in front of another one, which it is like in all that it does not say otherwise. */
export class WrappedInput implements Input {
  protected readonly input: Input;

  constructor(input: Input) {
    this.input = input;
  }

  get name(): string {
    return this.input.name;
  }

  get localPath(): string | undefined {
    return this.input.localPath;
  }

  get packed(): Input | undefined {
    return this.input.packed;
  }

  get sizeBytes(): number | undefined {
    return this.input.sizeBytes;
  }

  get mtime(): string | undefined {
    return this.input.mtime;
  }

  get isSeekable(): boolean {
    return this.input.isSeekable;
  }

  get bytesRead(): number {
    return this.input.bytesRead;
  }

  read(offset: number, lengthBytes: number, signal?: AbortSignal): Chunk | Promise<Chunk> {
    return this.input.read(offset, lengthBytes, signal);
  }

  close(): void | Promise<void> {
    return this.input.close();
  }
}
