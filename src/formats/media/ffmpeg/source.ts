import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Input, isPromise } from '../../../bytes/input.ts';
import { KiB } from '../../../units.ts';
import { PipedInput } from '../piped-input.ts';
import type { ProcessOptions } from './process-options.ts';

/** How ffmpeg gets at an input. */
export interface FfmpegSource {
  /** What stands behind `-i`. */
  readonly url: string;
  /** Writes the input into ffmpeg's standard input, where it is no local file. */
  readonly feed?: ProcessOptions['feed'];
}

/**
 * A local file by `file:` and its absolute path: a name that looks like an option, a protocol or a playlist's
 * address is none of them there. Everything else (memory, HTTP) through a pipe, as fast as it is taken.
 */
export function ffmpegSource(input: Input): FfmpegSource {
  const { localPath } = input;
  if (localPath === undefined) return { url: 'pipe:0', feed: (stdin, signal) => feed(input, stdin, signal) };
  return { url: `file:${resolve(localPath.startsWith('file://') ? fileURLToPath(localPath) : localPath)}` };
}

async function feed(input: Input, stdin: Writable, signal: AbortSignal): Promise<void> {
  for (let offset = 0; ; ) {
    const read =
      input instanceof PipedInput ? input.readOn(offset, 64 * KiB, signal) : input.read(offset, 64 * KiB, signal);
    const chunk = isPromise(read) ? await read : read;
    const bytes = Buffer.from(chunk.bytes);
    chunk.release();
    if (bytes.length === 0 || stdin.destroyed) return;
    offset += bytes.length;
    if (!stdin.write(bytes)) await once(stdin, 'drain', { signal });
  }
}
