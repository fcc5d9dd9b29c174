import { inspect } from 'node:util';
import { TidegateError } from './errors.ts';

function refuse(name: string, expected: string, value: unknown): never {
  const message = `Cannot use option ${name}: expected ${expected}, got ${inspect(value, { depth: 0 })}`;
  throw new TidegateError('ERR_OPTION', message, { option: name, expected });
}

/** `value`, if it is an integer of at least 1 (or `Infinity`); else an `ERR_OPTION` that names the option. */
export function positiveInteger(name: string, value: number): number {
  if (value === Number.POSITIVE_INFINITY) return value;
  return Number.isSafeInteger(value) && value >= 1 ? value : refuse(name, 'a positive integer', value);
}

/** `value`, if it is an integer of at least 0 (or `Infinity`); else an `ERR_OPTION` that names the option. */
export function nonNegativeInteger(name: string, value: number): number {
  if (value === Number.POSITIVE_INFINITY) return value;
  return Number.isSafeInteger(value) && value >= 0 ? value : refuse(name, 'an integer of at least 0', value);
}

/** `value`, if it is a number above 0 (or `Infinity`); else an `ERR_OPTION` that names the option. */
export function positiveNumber(name: string, value: number): number {
  return typeof value === 'number' && value > 0 ? value : refuse(name, 'a number above 0', value);
}

/** `value`, if it is one of `allowed`; else an `ERR_OPTION` that names the option. */
export function oneOf<T extends string>(name: string, value: T, allowed: readonly T[]): T {
  return allowed.includes(value) ? value : refuse(name, allowed.map((a) => `'${a}'`).join(' or '), value);
}

/** `value`, if it is a function; else an `ERR_OPTION` that names the option. */
export function functionOf<F extends (...args: never[]) => unknown>(name: string, value: F): F {
  return typeof value === 'function' ? value : refuse(name, 'a function', value);
}
