import type { HttpSpan } from './http-span.ts';

/** The spans that were used last, up to a number of bytes. */
export class HttpCache {
  readonly #maxBytes: number;
  /** The one used last stands last. */
  #spans: HttpSpan[] = [];
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The span with this byte, from now on the one used last. */
  find(offset: number): HttpSpan | undefined {
    const index = this.#spans.findLastIndex((span) => span.holds(offset));
    if (index === -1) return undefined;
    const [span] = this.#spans.splice(index, 1);
    this.#spans.push(span!);
    return span;
  }

  /** Where the next span behind `offset` begins. */
  nextStart(offset: number): number {
    return this.#spans.reduce(
      (next, { start }) => (start > offset ? Math.min(next, start) : next),
      Number.POSITIVE_INFINITY,
    );
  }

  /** Keeps a span, and for it drops those that were not used for longest. */
  add(span: HttpSpan): void {
    this.#spans.push(span);
    this.#heldBytes += span.end - span.start;
    while (this.#heldBytes > this.#maxBytes && this.#spans.length > 1) this.remove(this.#spans[0]!);
  }

  remove(span: HttpSpan): void {
    const index = this.#spans.indexOf(span);
    if (index === -1) return;
    this.#spans.splice(index, 1);
    this.#heldBytes -= span.end - span.start;
    span.drop();
  }

  clear(): void {
    for (const span of [...this.#spans]) this.remove(span);
  }
}
