import { cdlReal } from './cdl-number.ts';
import type { NcTypeName } from './nc-type.ts';

const SUFFIXES: Readonly<Record<NcTypeName, string>> = {
  byte: 'b',
  char: '',
  short: 's',
  int: '',
  float: 'f',
  double: '',
  ubyte: 'UB',
  ushort: 'US',
  uint: 'U',
  int64: 'LL',
  uint64: 'ULL',
};
/** `ncdump` shows so many significant digits by default. */
const FLOAT_DIGITS = 7;
const DOUBLE_DIGITS = 15;

/** A number as the value of an attribute: with the suffix that tells its type. */
export function cdlNumber(type: NcTypeName, value: number | bigint): string {
  if (type === 'float') return `${cdlReal(Number(value), FLOAT_DIGITS)}f`;
  if (type === 'double') return cdlReal(Number(value), DOUBLE_DIGITS);
  return `${value}${SUFFIXES[type]}`;
}
