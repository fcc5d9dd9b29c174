import { inspect } from 'node:util';
import { TidegateError } from '../errors.ts';
import { functionOf } from '../options.ts';
import { BUILT_IN } from './built-in.ts';
import type { Format } from './format.ts';

const registered: Format[] = [];

/** All formats, those of the user first, the latest before the others. */
export function formats(): readonly Format[] {
  return [...registered, ...BUILT_IN];
}

/** The format of that name. `ERR_FORMAT_UNKNOWN` names those there are. */
export function formatNamed(name: string): Format {
  const format = formats().find((candidate) => candidate.name === name);
  if (format !== undefined) return format;
  const known = formats().map((candidate) => candidate.name);
  const message = `Cannot read format ${inspect(name)}: known are ${known.join(', ')}`;
  throw new TidegateError('ERR_FORMAT_UNKNOWN', message, { format: name, known });
}

/**
 * Adds a format of your own: from now on it is detected, can be asked for by name, and its records run through the
 * same operators and sinks. Where it finds an input as likely as a built-in format does, yours wins.
 *
 * @param format - Its `name` must be free, else `ERR_OPTION`.
 * @returns a function that takes the format out again.
 *
 * @example
 * ```ts
 * import { readRecords, registerFormat } from 'tidegate';
 *
 * const unregister = registerFormat({
 *   name: 'spectrum',
 *   title: 'Spectrometer dump',
 *   extensions: ['spc'],
 *   mediaTypes: ['application/x-spectrum'],
 *   likelihood: (head) => (head.toString('latin1', 0, 4) === 'SPC1' ? 1 : 0),
 *   load: async () => ({
 *     read: (input, options = {}) =>
 *       readRecords(input, { name: 'spectrum', mediaType: 'application/x-spectrum' }, options, async function* (out) {
 *         const chunk = await input.read(4, 4);
 *         const gain = chunk.bytes.readFloatLE();
 *         chunk.release();
 *         out.field({ path: 'gain', key: 'gain', name: 'gain', dtype: 'float32', value: gain, offset: 4, length: 4 });
 *         if (out.isFull) yield;
 *       }),
 *   }),
 * });
 * unregister();
 * ```
 */
export function registerFormat(format: Format): () => void {
  checkFormat(format);
  registered.unshift(format);
  return () => {
    const index = registered.indexOf(format);
    if (index >= 0) registered.splice(index, 1);
  };
}

function checkFormat(format: Format): void {
  const { name } = format;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(name)) {
    refuse(`expected a name of a-z, 0-9 and '-', got ${inspect(name)}`);
  }
  if (formats().some((other) => other.name === name)) refuse(`a format named '${name}' is there already`);
  if (!isList(format.mediaTypes) || format.mediaTypes.length === 0) refuse(`'${name}' has no list of mediaTypes`);
  if (!isList(format.extensions)) refuse(`'${name}' has no list of extensions`);
  functionOf('likelihood', format.likelihood);
  functionOf('load', format.load);
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function refuse(seen: string): never {
  throw new TidegateError('ERR_OPTION', `Cannot register the format: ${seen}`, { option: 'format' });
}
