import { MiB } from '../../units.ts';

/** Text that waits to be loaded in one go. */
const PENDING_BYTES = MiB;

/** Short texts, joined until there are {@link PENDING_BYTES} of them. */
export class PendingText {
  readonly #flush: (text: string) => Promise<void>;
  #texts: string[] = [];
  #bytes = 0;

  constructor(flush: (text: string) => Promise<void>) {
    this.#flush = flush;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(text: string): void | Promise<void> {
    this.#texts.push(text);
    this.#bytes += text.length;
    if (this.#bytes >= PENDING_BYTES) return this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#texts.join('');
    this.#texts = [];
    this.#bytes = 0;
    if (text !== '') await this.#flush(text);
  }
}
