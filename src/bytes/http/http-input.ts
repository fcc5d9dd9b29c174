import type { BufferPool } from '../../memory/buffer-pool.ts';
import { KiB, MiB } from '../../units.ts';
import { abortableChunk } from '../abortable.ts';
import { type Chunk, leasedChunk, unpooledChunk } from '../chunk.ts';
import type { Input } from '../input.ts';
import { inputChanged, inputClosed } from '../input-errors.ts';
import { contentRange } from './content-range.ts';
import { receiveInto, SHORTAGE } from './http-body.ts';
import { HttpCache } from './http-cache.ts';
import { type HttpResource, TransientError, type UseResponse } from './http-resource.ts';
import { HttpSpan } from './http-span.ts';

/** The least that is asked for at once. */
export const BLOCK_BYTES: number = 64 * KiB;
/** A read that goes on from the last one asks for twice as much, up to this. */
const LARGEST_AHEAD_BYTES: number = MiB;
/** From this much on, the next span is asked for before it is needed. */
const PREFETCH_BYTES: number = 256 * KiB;
const LARGEST_SPAN_BYTES: number = 8 * MiB;

/** What the server said of the bytes when they were opened. */
export interface HttpFacts {
  readonly sizeBytes: number;
  /** The ETag, else the time of the last modification: another one means other bytes. */
  readonly validator: string | undefined;
  readonly mtime: string | undefined;
}

/** The validator of an answer. */
export function validatorOf({ headers }: Response): string | undefined {
  return headers.get('etag') ?? headers.get('last-modified') ?? undefined;
}

/** Bytes on a server that answers ranges. Made by `openHttp`. */
export class HttpInput implements Input {
  readonly isSeekable = true;
  readonly name: string;
  readonly sizeBytes: number;
  readonly mtime: string | undefined;
  bytesRead = 0;
  readonly #resource: HttpResource;
  readonly #facts: HttpFacts;
  readonly #cache: HttpCache;
  readonly #largestAheadBytes: number;
  readonly #pool: BufferPool;
  readonly #closing = new AbortController();
  #lastSpanEnd = 0;
  #aheadBytes = BLOCK_BYTES;

  constructor(resource: HttpResource, facts: HttpFacts, cacheBytes: number, pool: BufferPool) {
    this.#resource = resource;
    this.#facts = facts;
    this.#cache = new HttpCache(cacheBytes);
    // what is read ahead must not push out what is being read
    this.#largestAheadBytes = Math.max(BLOCK_BYTES, Math.min(LARGEST_AHEAD_BYTES, cacheBytes / 4));
    this.#pool = pool;
    this.name = resource.name;
    this.sizeBytes = facts.sizeBytes;
    this.mtime = facts.mtime;
  }

  /** Keeps what came with the opening. */
  addHead(head: HttpSpan): void {
    this.#cache.add(head);
    this.#lastSpanEnd = head.end;
  }

  read(offset: number, lengthBytes: number, signal?: AbortSignal): Chunk | Promise<Chunk> {
    signal?.throwIfAborted();
    if (this.#closing.signal.aborted) throw inputClosed(this.name);
    const end = Math.min(offset + lengthBytes, this.sizeBytes);
    if (end <= offset) return unpooledChunk(Buffer.alloc(0), offset);
    this.bytesRead += end - offset;
    const span = this.#cache.find(offset);
    if (span !== undefined && span.loading === undefined && span.end >= end) return span.chunk(offset, end);
    return abortableChunk(this.#readLater(offset, end), signal);
  }

  async #readLater(offset: number, end: number): Promise<Chunk> {
    const first = await this.#part(offset, end);
    if (first.bytes.length === end - offset) return first;
    const lease = this.#pool.acquire(end - offset, this.name);
    try {
      for (let part = first; ; part = await this.#part(part.offset + part.bytes.length, end)) {
        lease.bytes.set(part.bytes, part.offset - offset);
        part.release();
        if (part.offset + part.bytes.length === end) return leasedChunk(lease, offset);
      }
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  /** What one span has of the bytes from `offset` up to `end`. */
  async #part(offset: number, end: number): Promise<Chunk> {
    const span = this.#cache.find(offset) ?? this.#ask(offset, end);
    const chunk = span.chunk(offset, end);
    try {
      await span.loading;
      return chunk;
    } catch (error) {
      chunk.release();
      throw error;
    }
  }

  /** Asks for what is needed, and for more of it the longer the reads go on from each other. */
  #ask(offset: number, end: number): HttpSpan {
    const isNext = offset === this.#lastSpanEnd;
    this.#aheadBytes = isNext ? Math.min(2 * this.#aheadBytes, this.#largestAheadBytes) : BLOCK_BYTES;
    const span = this.#load(isNext ? offset : offset - (offset % BLOCK_BYTES), end);
    const isScan = isNext && this.#aheadBytes >= PREFETCH_BYTES && span.end < this.sizeBytes;
    if (isScan && this.#cache.find(span.end) === undefined) this.#load(span.end, span.end);
    return span;
  }

  #load(start: number, end: number): HttpSpan {
    const last = Math.min(Math.max(end, start + this.#aheadBytes), start + LARGEST_SPAN_BYTES, this.sizeBytes);
    // A span that begins at `start` exactly would have been found: a later one may only cut this one short.
    const span = new HttpSpan(
      start,
      Math.min(last, this.#cache.nextStart(Math.max(start, end - 1))),
      this.#pool,
      this.name,
    );
    this.#lastSpanEnd = span.end;
    this.#cache.add(span);
    span.fill((target) => this.#fill(target, start)).catch(() => this.#cache.remove(span));
    return span;
  }

  async #fill(target: Buffer, start: number): Promise<void> {
    let done = 0;
    const use: UseResponse<void> = async (response, timer) => {
      const sent = this.#check(response, start + done);
      const rest = target.subarray(done);
      await receiveInto(rest, response, this.#resource, start + done, (pieceBytes) => {
        timer.heard();
        done += pieceBytes;
      });
      if (start + done < sent.end) throw new TransientError(this.#resource.failed(start + done, SHORTAGE));
    };
    // A server may send less than it was asked for (RFC 9110 14.2): go on from there.
    while (done < target.length) {
      await this.#resource.request(
        () => ({ start: start + done, end: start + target.length }),
        use,
        this.#closing.signal,
      );
    }
  }

  #check(response: Response, offset: number): { end: number } {
    const validator = validatorOf(response);
    const range = contentRange(response);
    const { sizeBytes, validator: before } = this.#facts;
    if (response.ok && validator !== before) throw inputChanged(this.name, offset, `${before} became ${validator}`);
    if (range?.sizeBytes !== undefined && range.sizeBytes !== sizeBytes) {
      throw inputChanged(this.name, offset, `its ${sizeBytes} bytes became ${range.sizeBytes}`);
    }
    if (response.status !== 206) throw this.#resource.refused(response, offset);
    if (range?.start !== offset || range.end <= offset) {
      throw this.#resource.failed(offset, `the server sent ${response.headers.get('content-range')}`);
    }
    return range;
  }

  close(): void {
    this.#closing.abort(inputClosed(this.name));
    this.#cache.clear();
  }
}
