import type { DeflateKind } from '../../bytes/deflate-frame.ts';
import { inflateInput } from '../../bytes/inflate-input.ts';
import { type Input, isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { KiB } from '../../units.ts';
import { ByteWindow } from './byte-window.ts';
import type { Scanner } from './scanner.ts';

/** Options of a {@link Scan}. */
export interface ScanOptions {
  readonly signal?: AbortSignal | undefined;
  /** Most bytes of a read, apart from a value that needs more. @defaultValue 64 KiB */
  readonly headerBytes?: number | undefined;
  /** Decompressed bytes per compressed byte before `ERR_LIMIT`. @defaultValue 1000 */
  readonly maxInflateRatio?: number | undefined;
  /** Decompressed bytes before `ERR_LIMIT`. @defaultValue Infinity */
  readonly maxInflateBytes?: number | undefined;
}

/** Answers a scanner with reads of an input, plain or compressed. The caller closes the scan, and then the input. */
export class Scan {
  readonly scanner: Scanner;
  readonly #options: ScanOptions;
  readonly #inflated: Input[] = [];
  readonly #layers: { readonly kind: DeflateKind; readonly offset: number }[] = [];
  #input: Input;
  #window: ByteWindow;
  #deflatedOffset: number | undefined;
  #isGzipChecked = false;

  constructor(input: Input, scanner: Scanner, options: ScanOptions = {}) {
    this.scanner = scanner;
    this.#input = input;
    this.#options = options;
    this.#window = new ByteWindow(input, options.headerBytes ?? 64 * KiB, options.signal);
  }

  /** The bytes that the scanner looks at; others may look on between its steps, forward only. */
  get window(): ByteWindow {
    return this.#window;
  }

  /** What the window looks through: the input, or what it inflates to. */
  get input(): Input {
    return this.#input;
  }

  /** Where the compressed bytes begin in the input, while offsets are those of what they inflate to. */
  get deflatedOffset(): number | undefined {
    return this.#deflatedOffset;
  }

  /** The input is a gzip file whose data set is deflated as well. */
  get isInflatedTwice(): boolean {
    return this.#layers.length > 1;
  }

  /** What the window looks through, from its first byte again; `input` must be seekable. Caller closes. */
  openAgain(input: Input): Input {
    return this.#layers.reduce((inner, layer) => this.#inflateInput(inner, layer), input);
  }

  /**
   * Runs the scanner to its next pause (`false`) or to its end (`true`). A value, not a promise, as long as the input
   * answers at once. Fails with the errors of the scanner and of the input.
   */
  next(): boolean | Promise<boolean> {
    const { scanner } = this;
    for (;;) {
      const window = this.#window;
      scanner.feed(window.bytes, window.start, window.isLast, window.endOffset);
      const step = this.#run();
      if (step === 'done') return true;
      if (step === 'pause') return false;
      if (step === 'deflate') this.#inflateDataSet(scanner.needOffset);
      else {
        const waiting = window.ensure(scanner.needOffset, scanner.needBytes);
        if (waiting !== undefined) return this.#nextAfter(waiting);
        if (!this.#isGzipChecked) this.#unwrapGzip();
      }
    }
  }

  /** Frees what the scan holds; the input stays open. */
  close(): void {
    this.#window.release();
    for (const input of this.#inflated) void input.close();
  }

  async #nextAfter(waiting: Promise<void>): Promise<boolean> {
    await waiting;
    if (!this.#isGzipChecked) this.#unwrapGzip();
    return this.next();
  }

  #run(): ReturnType<Scanner['run']> {
    try {
      return this.scanner.run();
    } catch (error) {
      if (this.#deflatedOffset === undefined || !(error instanceof TidegateError)) throw error;
      const message = `${error.message}, byte ${error.offset} of what the input inflates to`;
      throw new TidegateError(error.code, message, { ...error.facts, offset: this.#deflatedOffset });
    }
  }

  /** Whole files are often found gzipped; the magic number of RFC 1952 begins no DICOM file. */
  #unwrapGzip(): void {
    this.#isGzipChecked = true;
    const { bytes } = this.#window;
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) this.#inflate('gzip', 0);
  }

  /** PS3.5 A.5 says raw deflate (RFC 1951); some writers put the header of RFC 1950 before it. */
  #inflateDataSet(offset: number): void {
    const at = offset - this.#window.start;
    const [first = 0, second = 0] = this.#window.bytes.subarray(at, at + 2);
    const isZlib = (first & 0x0f) === 8 && first >>> 4 <= 7 && ((first << 8) | second) % 31 === 0;
    this.#inflate(isZlib ? 'zlib' : 'deflate-raw', offset);
  }

  #inflate(kind: DeflateKind, offset: number): void {
    this.#layers.push({ kind, offset });
    this.#input = this.#inflateInput(this.#input, { kind, offset });
    this.#inflated.push(this.#input);
    this.#deflatedOffset ??= offset;
    this.#window.release();
    this.#window = new ByteWindow(this.#input, this.#options.headerBytes ?? 64 * KiB, this.#options.signal);
  }

  #inflateInput(input: Input, layer: { readonly kind: DeflateKind; readonly offset: number }): Input {
    const { maxInflateRatio = 1000, maxInflateBytes } = this.#options;
    return inflateInput(input, { ...layer, maxInflateRatio, maxInflateBytes });
  }
}

/** Runs a scanner to its end, telling its visitor all; it must not pause. A promise only if the input is waited for. */
export function scanAll(scan: Scan): void | Promise<void> {
  for (;;) {
    const isDone = scan.next();
    if (isPromise(isDone)) return isDone.then((done) => (done ? undefined : scanAll(scan)));
    if (isDone) return;
  }
}
