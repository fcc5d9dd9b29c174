import { Writable } from 'node:stream';
import { WritableStream } from 'node:stream/web';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { TidegateError } from '../../errors.ts';
import type { ByteTarget } from './byte-target.ts';
import { CompressedTarget } from './compressed-target.ts';
import { type CompressionOptions, compressorOf } from './compression.ts';
import { FileTarget } from './file-target.ts';
import { HookTarget, type OpenOutput } from './hook-target.ts';
import { WebStreamTarget } from './web-stream-target.ts';
import { WritableTarget } from './writable-target.ts';

/** Where bytes may go: the path or `file:` URL of a file, a Node Writable, a WritableStream of bytes. */
export type ByteDestination = string | URL | Writable | WritableStream<Uint8Array>;

/** Options of every sink that writes bytes somewhere. */
export interface OutputOptions {
  /** Opens the output, instead of a file of this path: the destination is only a name then. */
  readonly open?: OpenOutput | undefined;
}

/** Options of every sink that writes text. */
export interface ByteOptions extends CompressionOptions, OutputOptions {}

/** The target behind a destination. `ERR_OPTION` if it is none. */
export function openTarget(destination: ByteDestination, options: ByteOptions): ByteTarget {
  const compressor = compressorOf(nameOf(destination), options);
  const target = plainTarget(destination, options.open);
  return compressor ? new CompressedTarget(target, compressor()) : target;
}

/** The path of a destination that must be one, for `purpose`; else `ERR_OPTION`. */
export function pathOf(destination: ByteDestination, options: OutputOptions, purpose: string): string {
  const path =
    destination instanceof URL && destination.protocol === 'file:' ? fileURLToPath(destination) : destination;
  if (typeof path === 'string' && path !== '' && options.open === undefined) return path;
  const message = `Cannot ${purpose} ${inspect(destination, { depth: 0 })}: expected the path of a file`;
  throw new TidegateError('ERR_OPTION', message, { option: 'destination' });
}

/** The name that says what is written, if the destination has one. */
export function nameOf(destination: ByteDestination): string | undefined {
  const name = destination instanceof URL ? destination.pathname : destination;
  return typeof name === 'string' ? name : undefined;
}

function plainTarget(destination: ByteDestination, open: OpenOutput | undefined): ByteTarget {
  if (open !== undefined && (typeof destination === 'string' || destination instanceof URL)) {
    return new HookTarget(String(destination), open, (opened) => plainTarget(opened, undefined));
  }
  if (typeof destination === 'string' && destination !== '') return new FileTarget(destination);
  if (destination instanceof URL && destination.protocol === 'file:') return new FileTarget(fileURLToPath(destination));
  if (isWritable(destination)) return new WritableTarget(destination, true);
  if (isWebStream(destination)) return new WebStreamTarget(destination, true);
  const message = `Cannot write to ${inspect(destination, { depth: 0 })}: expected a path, a Writable or a WritableStream`;
  throw new TidegateError('ERR_OPTION', message, { option: 'destination' });
}

/** Also a Writable of another implementation than Node's own (readable-stream). */
export function isWritable(value: unknown): value is Writable {
  if (value instanceof Writable) return true;
  const stream = value as Partial<Writable> | null | undefined;
  return typeof stream?.write === 'function' && typeof stream.on === 'function' && typeof stream.end === 'function';
}

/** A web WritableStream of this or another realm. */
export function isWebStream(value: unknown): value is WritableStream<unknown> {
  return value instanceof WritableStream || typeof (value as { getWriter?: unknown } | null)?.getWriter === 'function';
}
