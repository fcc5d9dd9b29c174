import { createHash, hash } from 'node:crypto';
import { TidegateError } from '../../errors.ts';
import type { SinkUnit } from '../../flow/sink.ts';

const DIGEST_BYTES = 8;

/** The value of a STATE message. */
interface SingerState {
  readonly bookmarks: { readonly files: { readonly version: 1; readonly of: string; readonly digests: string } };
}

/**
 * The files that are delivered, by 8 bytes each of a digest of name, size, mtime and inode: a file that has changed,
 * was moved or came with its folder is another one. A time alone would miss what is moved in with an old one.
 */
export class Bookmarks {
  readonly #earlier: ReadonlySet<string>;
  readonly #current = new Set<string>();
  readonly #of: string;

  /**
   * `what` is delivered of each file (streams, columns, options): with another, all files are new. `state` is the value
   * of the last STATE message, if there was one. `ERR_OPTION` if it is not from here.
   */
  constructor(what: unknown, state?: unknown) {
    this.#of = hash('sha256', JSON.stringify(what)).slice(0, 16);
    this.#earlier = new Set(state === undefined ? [] : digestsIn(state, this.#of));
  }

  /** Files that are in the state. */
  get count(): number {
    return this.#current.size;
  }

  /** Whether an earlier run has delivered it as it is; if so, it stays in the state. */
  has(unit: SinkUnit): boolean {
    const digest = digestOf(unit);
    if (digest === undefined || !this.#earlier.has(digest)) return false;
    this.#current.add(digest);
    return true;
  }

  /** It is delivered. What has no identity (a URL) is delivered anew by each run. */
  add(unit: SinkUnit): void {
    const digest = digestOf(unit);
    if (digest !== undefined) this.#current.add(digest);
  }

  /** The state now; what earlier runs have delivered and this one has not come across stays, unless it `isComplete`. */
  value(isComplete: boolean): SingerState {
    const all = isComplete ? this.#current : new Set([...this.#earlier, ...this.#current]);
    const bytes = Buffer.from([...all].join(''), 'latin1');
    return { bookmarks: { files: { version: 1, of: this.#of, digests: bytes.toString('base64') } } };
  }
}

/** As 8 characters of 8 bits: half of what hexadecimal would take. */
function digestOf({ file, identity }: SinkUnit): string | undefined {
  if (identity === '') return undefined;
  const hash = createHash('sha256').update(`${identity}\n${file}`).digest();
  return hash.toString('latin1', 0, DIGEST_BYTES);
}

function digestsIn(state: unknown, of: string): string[] {
  const { files } = (state as Partial<SingerState>)?.bookmarks ?? {};
  if (files === undefined) return [];
  if (files.version !== 1 || typeof files.digests !== 'string') {
    throw new TidegateError('ERR_OPTION', 'Cannot use the state: it is not one of this tap', { option: 'state' });
  }
  if (files.of !== of) return [];
  const text = Buffer.from(files.digests, 'base64').toString('latin1');
  return Array.from({ length: Math.floor(text.length / DIGEST_BYTES) }, (_, i) =>
    text.slice(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES),
  );
}
