import { type Input, isPromise } from '../bytes/input.ts';
import { binaryFormat } from './binary/format.ts';
import type { Format } from './format.ts';
import { inflateHead } from './inflate-head.ts';
import { nameExtensions } from './name-extensions.ts';
import { formats } from './registry.ts';

/** Bytes at the start of an input that a format gets to judge. */
export const HEAD_BYTES = 4096;

/** Options for {@link detect}. */
export interface DetectOptions {
  /** The name to judge by where the bytes do not decide. @defaultValue the name of the input */
  readonly name?: string | undefined;
  /** Cancels the read of the head. */
  readonly signal?: AbortSignal | undefined;
}

/** What an input is taken for, and why. */
export interface Detection {
  readonly format: Format;
  /** `content`: its bytes say so; `name`: its extension does; `fallback`: nothing does, so it is `binary`. */
  readonly by: 'content' | 'name' | 'fallback';
  /** The input is gzip, and the format is that of what it holds. */
  readonly isGzip: boolean;
}

/**
 * Finds the format of an input by its first 4 KiB, those of a gzip member by what it holds, and by its name.
 *
 * 1. A format that is certain of the bytes (likelihood 1) wins. Of several, the one that the name suggests.
 * 2. Else the format that the name suggests, if the bytes do not exclude it.
 * 3. Else the one that finds the bytes most plausible.
 * 4. Else the one that the name suggests: its reader will say what is wrong. Else `binary`.
 *
 * The input is read once, at offset 0; the caller closes it.
 *
 * @example
 * ```ts
 * import { detect, openInput } from 'tidegate';
 *
 * const input = await openInput('scan-0001');
 * const { format, by } = await detect(input);
 * console.log(`${format.title}, by its ${by}`);
 * await input.close();
 * ```
 */
export async function detect(input: Input, options: DetectOptions = {}): Promise<Detection> {
  const read = input.read(0, HEAD_BYTES, options.signal);
  const chunk = isPromise(read) ? await read : read;
  const head = Buffer.from(chunk.bytes);
  chunk.release();
  const name = options.name ?? input.name;
  const outer = choose(head, name);
  const inflated = outer.isCertain ? undefined : await inflateHead(head, HEAD_BYTES);
  const { format, by } = inflated === undefined ? outer : choose(inflated, name);
  return { format, by, isGzip: inflated !== undefined && by !== 'fallback' };
}

interface Choice {
  readonly format: Format;
  readonly by: Detection['by'];
  readonly isCertain: boolean;
}

function choose(head: Buffer, name: string): Choice {
  const named = formatByName(name);
  // `binary` is last in the list and finds everything possible, so the list of the best is never empty.
  const judged = formats().map((format) => ({ format, likelihood: format.likelihood(head) || 0 }));
  const highest = Math.max(...judged.map(({ likelihood }) => likelihood));
  const best = judged.filter(({ likelihood }) => likelihood === highest).map(({ format }) => format);
  const isNamedPlausible = judged.some(({ format, likelihood }) => format === named && likelihood > 0);

  if (highest >= 1) return { format: named && best.includes(named) ? named : best[0]!, by: 'content', isCertain: true };
  if (named && isNamedPlausible) return { format: named, by: 'name', isCertain: false };
  if (best[0]! !== binaryFormat) return { format: best[0]!, by: 'content', isCertain: false };
  return named
    ? { format: named, by: 'name', isCertain: false }
    : { format: binaryFormat, by: 'fallback', isCertain: false };
}

/** The format that a name suggests by its extension, also behind `.gz` and the like. */
export function formatByName(name: string): Format | undefined {
  for (const extension of nameExtensions(name)) {
    const format = formats().find((candidate) => candidate.extensions.includes(extension));
    if (format !== undefined) return format;
  }
  return undefined;
}
