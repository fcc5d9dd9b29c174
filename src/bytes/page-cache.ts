import { TidegateError } from '../errors.ts';
import { MiB } from '../units.ts';
import type { Chunk } from './chunk.ts';
import { type Input, isPromise } from './input.ts';
import { CachedPage, lendOn, newPage, PAGE_BYTES, type Page, pageOf } from './page.ts';

/** Limits of a {@link PageCache}. */
export interface PageCacheOptions {
  /** Bytes of a page. @defaultValue 16 KiB */
  readonly pageBytes?: number | undefined;
  /** Bytes of pages kept between steps. @defaultValue 2 MiB */
  readonly capacityBytes?: number | undefined;
  /** Bytes that one step may touch before `ERR_LIMIT`. @defaultValue 64 MiB */
  readonly maxStepBytes?: number | undefined;
  /** Cancels pending reads. */
  readonly signal?: AbortSignal | undefined;
}

/** Thrown through a step whose bytes are not there yet; {@link PageCache.run} catches it. Never an error. */
const MISS = Symbol('page miss');
const NOTHING = Buffer.alloc(0);
const NO_PAGE = new CachedPage(NOTHING, 0, -1);
const MAX_RUN_PAGES = 4;

/**
 * Random access to an input of known size, in bounded memory, for parsers that are plain synchronous code.
 *
 * `run(step)` calls `step`, which asks for bytes by `span`. Over an input that answers at once it just runs
 * through. Over one that has to be waited for, a missing page abandons the step, is fetched, and the step starts
 * again: so a step must be pure (change nothing until its last `span` returned) and small. What `span` gave
 * is valid until the next `run`: pages are only dropped, and their memory used again, between steps.
 */
export class PageCache {
  readonly sizeBytes: number;
  readonly #input: Input;
  readonly #pageBytes: number;
  readonly #capacity: number;
  readonly #stepLimit: number;
  readonly #signal: AbortSignal | undefined;
  readonly #pages = new Map<number, CachedPage>();
  #free: CachedPage[] = [];
  /** The page that was asked for last, and where its bytes end: most of what is asked for stands there. */
  #last: CachedPage = NO_PAGE;
  #lastEnd = -1;
  #step = 0;
  #pending: Promise<void> | undefined;
  #nextIndex = -1;
  #runPages = 1;

  /** `ERR_NOT_SEEKABLE` if the input cannot seek or does not know its size. */
  constructor(input: Input, options: PageCacheOptions = {}) {
    if (!input.isSeekable || input.sizeBytes === undefined) {
      const message = 'Cannot read at random offsets: the input can only be read once, front to back';
      throw new TidegateError('ERR_NOT_SEEKABLE', message, { file: input.name });
    }
    this.sizeBytes = input.sizeBytes;
    this.#input = input;
    this.#pageBytes = options.pageBytes ?? PAGE_BYTES;
    this.#capacity = Math.max(2, Math.ceil((options.capacityBytes ?? 2 * MiB) / this.#pageBytes));
    this.#stepLimit = Math.max(2, Math.ceil((options.maxStepBytes ?? 64 * MiB) / this.#pageBytes));
    this.#signal = options.signal;
  }

  /** The result of `step`: a plain value where nothing had to be waited for. */
  run<T>(step: () => T): T | Promise<T> {
    this.#beginStep();
    try {
      return step();
    } catch (error) {
      if (error !== MISS) throw error;
      return this.#runAgain(step);
    }
  }

  /** Lends its memory to the caches to come. What `span` gave is not valid any more. */
  close(): void {
    for (const page of this.#pages.values()) lendOn(page);
    this.#pages.clear();
    this.#free = [];
    this.#forgetLast();
  }

  /**
   * A page that holds the bytes from `offset` on, `lengthBytes` of them at least; a copy where they cross pages.
   * `ERR_TRUNCATED_INPUT` where the input ends before.
   */
  span(offset: number, lengthBytes: number): Page {
    const last = this.#last;
    if (offset >= last.offset && offset + lengthBytes <= this.#lastEnd) return last;
    return this.#find(offset, lengthBytes);
  }

  #find(offset: number, lengthBytes: number): Page {
    const end = offset + lengthBytes;
    if (!(offset >= 0 && lengthBytes >= 0 && end <= this.sizeBytes)) this.#truncated(offset, lengthBytes);
    if (lengthBytes === 0) return pageOf(NOTHING, offset);
    const index = Math.floor(offset / this.#pageBytes);
    const lastIndex = Math.floor((end - 1) / this.#pageBytes);
    return index === lastIndex ? this.#page(index, index) : this.#joined(offset, lengthBytes, index, lastIndex);
  }

  #joined(offset: number, lengthBytes: number, firstIndex: number, lastIndex: number): Page {
    if (lastIndex - firstIndex >= this.#stepLimit) this.#refuse(offset, lengthBytes);
    for (let index = firstIndex; index <= lastIndex; index++) this.#page(index, lastIndex);
    const bytes = Buffer.allocUnsafe(lengthBytes);
    for (let index = firstIndex; index <= lastIndex; index++) {
      const page = this.#pages.get(index)!;
      page.bytes.copy(bytes, Math.max(0, page.offset - offset), Math.max(0, offset - page.offset));
    }
    return pageOf(bytes, offset);
  }

  #page(index: number, lastWanted: number): CachedPage {
    const page = this.#pages.get(index) ?? this.#load(index, lastWanted);
    page.usedInStep = this.#step;
    this.#last = page;
    this.#lastEnd = Math.min(page.offset + page.bytes.length, this.sizeBytes);
    return page;
  }

  #forgetLast(): void {
    this.#last = NO_PAGE;
    this.#lastEnd = -1;
  }

  #load(index: number, lastWanted: number): CachedPage {
    if (this.#pages.size >= this.#capacity + this.#stepLimit) this.#refuse(index * this.#pageBytes, this.#pageBytes);
    // Reads that follow each other grow, so that a file read in order costs few of them.
    this.#runPages = index === this.#nextIndex ? Math.min(this.#runPages * 2, MAX_RUN_PAGES, this.#capacity) : 1;
    let pages = Math.max(this.#runPages, lastWanted - index + 1);
    for (let ahead = 1; ahead < pages; ahead++) if (this.#pages.has(index + ahead)) pages = ahead;
    this.#nextIndex = index + pages;
    const offset = index * this.#pageBytes;
    const lengthBytes = Math.min(pages * this.#pageBytes, this.sizeBytes - offset);
    const chunk = this.#input.read(offset, lengthBytes, this.#signal);
    if (!isPromise(chunk)) {
      this.#store(chunk, offset, lengthBytes);
      return this.#pages.get(index)!;
    }
    this.#pending = chunk.then((ready) => this.#store(ready, offset, lengthBytes));
    throw MISS;
  }

  #store(chunk: Chunk, offset: number, lengthBytes: number): void {
    try {
      if (chunk.bytes.length < lengthBytes) this.#truncated(offset, lengthBytes);
      for (let start = 0; start < lengthBytes; start += this.#pageBytes) {
        const page = this.#newPage(offset + start);
        chunk.bytes.copy(page.bytes, 0, start, start + this.#pageBytes);
        this.#pages.set(page.offset / this.#pageBytes, page);
      }
    } finally {
      chunk.release();
    }
  }

  #newPage(offset: number): CachedPage {
    return newPage(this.#free.pop(), this.#pageBytes, offset, this.#step);
  }

  async #runAgain<T>(step: () => T): Promise<T> {
    for (;;) {
      const pending = this.#pending;
      this.#pending = undefined;
      await pending;
      try {
        return step();
      } catch (error) {
        if (error !== MISS) throw error;
      }
    }
  }

  #beginStep(): void {
    this.#step++;
    if (this.#pages.size <= this.#capacity) return;
    const oldestFirst = [...this.#pages.entries()].sort((a, b) => a[1].usedInStep - b[1].usedInStep);
    const dropCount = this.#pages.size - Math.ceil(this.#capacity * 0.75);
    for (const [index, page] of oldestFirst.slice(0, dropCount)) {
      this.#pages.delete(index);
      if (this.#free.length < this.#capacity) this.#free.push(page);
      if (this.#last === page) this.#forgetLast();
    }
  }

  #truncated(offset: number, neededBytes: number): never {
    const message = `Cannot read ${neededBytes} bytes at ${offset}: the input ends at byte ${this.sizeBytes}`;
    throw new TidegateError('ERR_TRUNCATED_INPUT', message, { file: this.#input.name, offset, neededBytes });
  }

  #refuse(offset: number, neededBytes: number): never {
    const limitBytes = this.#stepLimit * this.#pageBytes;
    const message = `Cannot read ${neededBytes} bytes at ${offset}: one structure of the file spans over ${limitBytes} bytes`;
    throw new TidegateError('ERR_LIMIT', message, { file: this.#input.name, offset, neededBytes, limitBytes });
  }
}
