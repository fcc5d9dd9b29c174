import { Writable } from 'node:stream';
import { WritableStream } from 'node:stream/web';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { TidegateError } from '../errors.ts';
import { nonNegativeInteger } from '../options.ts';
import type { ByteTarget } from './byte-target.ts';
import { FileTarget } from './file-target.ts';
import { GzipTarget } from './gzip-target.ts';
import { WebStreamTarget } from './web-stream-target.ts';
import { WritableTarget } from './writable-target.ts';

/** Where bytes may go: the path or `file:` URL of a file, a Node Writable, a WritableStream of bytes. */
export type ByteDestination = string | URL | Writable | WritableStream<Uint8Array>;

/** Options of every sink that writes bytes. */
export interface ByteOptions {
  /**
   * Compress: `true` for level 1 (two thirds of the CPU of level 6 for a quarter more bytes), or a level from 0 to 9.
   * @defaultValue `true` for a path that ends in `.gz`, else `false`
   */
  readonly gzip?: boolean | number | undefined;
}

/** The target behind a destination. `ERR_OPTION` if it is none. */
export function openTarget(destination: ByteDestination, options: ByteOptions): ByteTarget {
  const { gzip = isGzipName(destination) } = options;
  const target = plainTarget(destination);
  if (gzip === false) return target;
  return new GzipTarget(target, gzip === true ? 1 : gzipLevel(gzip));
}

function gzipLevel(level: number): number {
  if (nonNegativeInteger('gzip', level) <= 9) return level;
  throw new TidegateError('ERR_OPTION', `Cannot use option gzip: expected a level from 0 to 9, got ${level}`);
}

function isGzipName(destination: ByteDestination): boolean {
  const name = destination instanceof URL ? destination.pathname : destination;
  return typeof name === 'string' && name.endsWith('.gz');
}

function plainTarget(destination: ByteDestination): ByteTarget {
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
