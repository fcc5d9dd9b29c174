import { KiB } from '../../../units.ts';

/** Bytes that are kept of what a process says. */
const TAIL_BYTES: number = 16 * KiB;
/** A line longer than this is cut. */
const MAX_LINE_BYTES: number = 8 * KiB;

/** The last 16 KiB of a process's standard error, and its lines as they come. */
export class StderrTail {
  readonly #onLine: ((line: string) => void) | undefined;
  #tail = '';
  #line = '';

  constructor(onLine: ((line: string) => void) | undefined) {
    this.#onLine = onLine;
  }

  get text(): string {
    return this.#tail;
  }

  push(bytes: Buffer): void {
    const text = bytes.toString('latin1');
    this.#tail = (this.#tail + text).slice(-TAIL_BYTES);
    if (!this.#onLine) return;
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop()!.slice(0, MAX_LINE_BYTES);
    for (const line of lines) this.#onLine(line);
  }

  /** Nothing more comes: hands out a last line without an end. */
  end(): void {
    if (this.#line !== '') this.#onLine?.(this.#line);
    this.#line = '';
  }
}
