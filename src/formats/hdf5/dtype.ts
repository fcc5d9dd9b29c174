import type { Datatype } from './datatype.ts';

const NAMES = new WeakMap<Datatype, string>();

/** A datatype as RECORDS.md spells it: like NumPy where NumPy has it, else its class; an array by its element. */
export function dtypeOf(type: Datatype): string {
  let name = NAMES.get(type);
  if (name === undefined) NAMES.set(type, (name = nameOf(type)));
  return name;
}

function nameOf(type: Datatype): string {
  switch (type.class) {
    case 'integer':
      return `${order(type.sizeBytes, type.isBigEndian)}${type.isSigned ? 'i' : 'u'}${type.sizeBytes}`;
    case 'float':
      return `${order(type.sizeBytes, type.byteOrder !== 'little')}f${type.sizeBytes}`;
    case 'string':
      return `|S${type.sizeBytes}`;
    case 'vlen':
      return type.isString ? 'str' : 'vlen';
    case 'array':
      return nameOf(type.base);
    case 'complex':
      return type.base.class === 'float'
        ? `${order(2, type.base.byteOrder !== 'little')}c${type.sizeBytes}`
        : 'complex';
    default:
      return type.class;
  }
}

function order(sizeBytes: number, isBigEndian: boolean): string {
  return sizeBytes === 1 ? '|' : isBigEndian ? '>' : '<';
}
