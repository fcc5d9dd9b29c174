import { Blob } from 'node:buffer';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { TidegateError } from '../errors.ts';
import type { StrategyChoice } from '../memory/strategy.ts';
import { BlobInput } from './blob-input.ts';
import { openFile } from './file-input.ts';
import type { HttpInputOptions } from './http/http-options.ts';
import { openHttp } from './http/open-http.ts';
import type { Input } from './input.ts';
import { cannotOpen } from './input-errors.ts';
import { MemoryInput } from './memory-input.ts';
import { ReadableSource } from './readable-source.ts';
import { SequentialInput } from './sequential-input.ts';
import { WebStreamSource } from './web-stream-source.ts';

/** Everything that {@link openInput} takes. */
export type InputSource =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | SharedArrayBuffer
  | Blob
  | NodeJS.ReadableStream
  | ReadableStream<unknown>
  | Input;

/** Options for {@link openInput}: those of all kinds of input, each of which takes what it knows. */
export interface OpenInputOptions extends HttpInputOptions {
  /** Read local files synchronously: cheapest in a worker and in a command. @defaultValue false */
  readonly isSync?: boolean | undefined;
  /**
   * How much memory to spend on speed: sizes of reads where nothing else says so, reads ahead, the pool of local files.
   * `auto` goes by the size of the file and what is free. @defaultValue `'balanced'`
   */
  readonly strategy?: StrategyChoice | undefined;
}

/**
 * Opens what bytes come from: a path, a `file:` or `http(s):` URL (also as text), `'-'` for standard input, bytes in
 * memory, a Blob or File, a Node stream, a Web stream. An input is given back as it is. Caller closes; with a stream
 * that ends the stream too.
 *
 * Answers at once, except for HTTP: check with `isPromise`, or `await`. Fails with `ERR_INPUT_OPEN`, or `ERR_OPTION`
 * for what is none of these.
 */
export function openInput(source: InputSource, options: OpenInputOptions = {}): Input | Promise<Input> {
  if (typeof source === 'string' || source instanceof URL) return openNamed(source, options);
  if (source instanceof Uint8Array) return new MemoryInput(source, options);
  if (isMemory(source)) return new MemoryInput(new Uint8Array(source), options);
  if (source instanceof Blob) return new BlobInput(source, options.name);
  if (source instanceof Readable) return openReadable(source, options);
  if (source instanceof ReadableStream) return openWebStream(source, options);
  if (isInput(source)) return source;
  const expected = 'a path, a URL, bytes, a Blob, a stream or an input';
  const message = `Cannot open an input: expected ${expected}, got ${inspect(source, { depth: 0 })}`;
  throw new TidegateError('ERR_OPTION', message, { option: 'source', expected });
}

function openNamed(source: string | URL, options: OpenInputOptions): Input | Promise<Input> {
  if (source === '-') return openReadable(process.stdin, { ...options, name: options.name ?? '-' });
  const text = String(source);
  if (/^https?:/i.test(text)) return openHttp(text, options);
  if (!(source instanceof URL) && !/^file:/i.test(text)) return openFile(text, options);
  try {
    return openFile(fileURLToPath(text), { ...options, name: options.name ?? text });
  } catch (error) {
    throw cannotOpen(text, error);
  }
}

function openReadable(readable: Readable, options: OpenInputOptions): Input {
  const { path } = readable as { path?: unknown };
  const name = options.name ?? (typeof path === 'string' ? path : 'stream:');
  if (readable.readableDidRead && readable.readableEnded) throw cannotOpen(name, 'the stream has ended before');
  return new SequentialInput(new ReadableSource(readable), { ...options, name });
}

function openWebStream(stream: ReadableStream<unknown>, options: OpenInputOptions): Input {
  const name = options.name ?? 'stream:';
  try {
    return new SequentialInput(new WebStreamSource(stream), { ...options, name });
  } catch (error) {
    throw cannotOpen(name, error);
  }
}

function isMemory(source: unknown): source is ArrayBuffer | SharedArrayBuffer {
  return source instanceof ArrayBuffer || source instanceof SharedArrayBuffer;
}

function isInput(source: unknown): source is Input {
  const { read, close, name, isSeekable } = (source ?? {}) as Partial<Input>;
  const hasMethods = typeof read === 'function' && typeof close === 'function';
  return hasMethods && typeof name === 'string' && typeof isSeekable === 'boolean';
}
