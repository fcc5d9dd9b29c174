import { setTimeout as delay } from 'node:timers/promises';
import { TidegateError } from '../../errors.ts';
import { nonNegativeInteger, positiveNumber } from '../../options.ts';
import { cannotRead } from '../input-errors.ts';
import type { HttpInputOptions } from './http-options.ts';
import { SilenceTimer } from './silence-timer.ts';

/** RFC 9110 15: answers that may be others the next time. */
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);
const LONGEST_DELAY_MS = 30_000;

/** The bytes that are asked for: from `start` up to `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What becomes of an answer; `timer.heard()` is called whenever bytes came. */
export type UseResponse<T> = (response: Response, timer: SilenceTimer) => Promise<T>;

/** A failure after which the same request may go well. */
export class TransientError extends Error {
  readonly failure: unknown;
  readonly retryAfterMs: number | undefined;

  constructor(failure: unknown, retryAfterMs?: number) {
    super('transient');
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Bytes on a server: what is asked for, who asks, and how often. */
export class HttpResource {
  readonly name: string;
  readonly timeoutMs: number;
  readonly #url: URL;
  readonly #headers: Record<string, string>;
  readonly #retryCount: number;
  readonly #retryDelayMs: number;

  constructor(url: URL, name: string, options: HttpInputOptions) {
    this.name = name;
    this.timeoutMs = positiveNumber('timeoutMs', options.timeoutMs ?? 30_000);
    this.#retryCount = nonNegativeInteger('retryCount', options.retryCount ?? 3);
    this.#retryDelayMs = positiveNumber('retryDelayMs', options.retryDelayMs ?? 250);
    // A packed answer has no ranges of the bytes that are asked for.
    this.#headers = { 'accept-encoding': 'identity', ...options.headers };
    this.#url = new URL(url);
    if (url.username || url.password) {
      // fetch refuses a URL with credentials
      const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      this.#headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
      this.#url.username = this.#url.password = '';
    }
  }

  /**
   * Asks for a range (`undefined`: for everything) and hands the answer to `use`; again, with the range as it is by
   * then, if that fails with what may be over the next time.
   */
  async request<T>(
    range: () => ByteRange | undefined,
    use: UseResponse<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#attempt(range(), use, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof TransientError)) throw error;
        if (attempt >= this.#retryCount) throw error.failure;
        const backoffMs = this.#retryDelayMs * 2 ** attempt * (0.5 + Math.random() / 2);
        await delay(Math.min(error.retryAfterMs ?? backoffMs, LONGEST_DELAY_MS), undefined, {
          signal: signal as AbortSignal,
        });
      }
    }
  }

  async #attempt<T>(range: ByteRange | undefined, use: UseResponse<T>, outer: AbortSignal | undefined): Promise<T> {
    const start = range?.start ?? 0;
    const timer = new SilenceTimer(this.name, this.timeoutMs, outer);
    let response: Response | undefined;
    try {
      const asked = range === undefined ? {} : { range: `bytes=${start}-${range.end - 1}` };
      response = await fetch(this.#url, { headers: { ...this.#headers, ...asked }, signal: timer.signal });
      timer.heard();
      if (!TRANSIENT.has(response.status)) return await use(response, timer);
      throw new TransientError(this.refused(response, start), retryAfterMs(response));
    } catch (error) {
      response?.body?.cancel().catch(() => {}); // its connection is free again; a body that was read has none
      if (error instanceof TransientError) throw error;
      if (timer.signal.aborted) throw new TransientError(timer.signal.reason);
      if (error instanceof TidegateError) throw error;
      // undici says "fetch failed" and hides why in the cause
      const why = (error as Error).cause ?? error;
      throw new TransientError(cannotRead(this.name, start, why));
    } finally {
      timer.stop();
    }
  }

  /** What went wrong at `offset`. */
  failed(offset: number, seen: string, status?: number): TidegateError {
    const message = `Cannot read ${this.name} at byte ${offset}: ${seen}`;
    return new TidegateError('ERR_INPUT_READ', message, { file: this.name, offset, status });
  }

  /** The server's answer is no bytes. */
  refused({ status, statusText }: Response, offset: number): TidegateError {
    return this.failed(offset, `the server answered ${status} ${statusText}`, status);
  }
}

/** RFC 9110 10.2.3: seconds or a date. */
function retryAfterMs(response: Response): number | undefined {
  const value = response.headers.get('retry-after');
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
