import { type Scaling, scaling } from '../data/scaling.ts';
import type { Hdu } from '../hdu.ts';

/** Data types of FITS 4.0 table 18, without the descriptors P and Q. */
export type ElementCode = 'L' | 'X' | 'B' | 'I' | 'J' | 'K' | 'A' | 'E' | 'D' | 'C' | 'M';

/** One column of a table, binary or text, or of random groups. */
export interface Column {
  /** TTYPEn; `''` if it has none. */
  readonly name: string;
  /** 1 = the first, as in TTYPE1. */
  readonly number: number;
  readonly unit: string | undefined;
  readonly code: ElementCode;
  /** Elements per cell; of a variable-length array 0. Text counts its characters. */
  readonly repeat: number;
  /** First byte within a row. */
  readonly offset: number;
  /** Bytes within a row. */
  readonly cellBytes: number;
  /** The cell is a descriptor of an array in the heap: of two 32-bit (P) or 64-bit (Q) integers. */
  readonly heap: 'P' | 'Q' | undefined;
  readonly scaling: Scaling;
  /** TDIMn, the fastest axis first; of text its first is the length of one string. */
  readonly dims: readonly number[] | undefined;
  /** Of a text table (section 7.2): how the field is written. */
  readonly text: TextField | undefined;
}

/** `Iw`, `Fw.d`, `Ew.d` and `Dw.d` of a text table. */
export interface TextField {
  readonly code: 'A' | 'I' | 'F' | 'E' | 'D';
  readonly decimals: number;
  /** TNULLn: what stands for no value. */
  readonly none: string | undefined;
}

/** Bytes of an element. */
export const ELEMENT_BYTES: Readonly<Record<ElementCode, number>> = {
  L: 1,
  X: 1 / 8,
  B: 1,
  I: 2,
  J: 4,
  K: 8,
  A: 1,
  E: 4,
  D: 8,
  C: 8,
  M: 16,
};
const MOST_FIELDS = 999;
const BINARY_FORM = /^(\d*)([LXBIJKAEDCMPQ])([LXBIJKAEDCM]?)(.*)$/;
const TEXT_FORM = /^([AIFED])(\d+)(?:\.(\d+))?/;

/** The columns of a binary table (FITS 4.0 section 7.3). `ERR_MALFORMED` if they do not fit into a row. */
export function binaryColumns(hdu: Hdu): Column[] {
  const { keywords } = hdu;
  const columns: Column[] = [];
  let offset = 0;
  const count = keywords.count('TFIELDS', 0, MOST_FIELDS);
  for (let number = 1; number <= count; number++) {
    const form = keywords.text(`TFORM${number}`);
    const match = BINARY_FORM.exec((form ?? '').toUpperCase());
    if (match === null) throw keywords.malformed(`TFORM${number} is ${form === undefined ? 'missing' : `'${form}'`}`);
    const repeat = match[1] === '' ? 1 : Number(match[1]);
    const isHeap = match[2] === 'P' || match[2] === 'Q';
    const heap = isHeap ? (match[2] as 'P' | 'Q') : undefined;
    const code = (isHeap ? match[3] || 'B' : match[2]) as ElementCode;
    const cellBytes = isHeap ? Math.min(repeat, 1) * (heap === 'P' ? 8 : 16) : Math.ceil(repeat * ELEMENT_BYTES[code]);
    const dims = dimensions(keywords.text(`TDIM${number}`)) ?? stringLength(code, isHeap ? '' : match[3]! + match[4]!);
    columns.push({
      ...common(hdu, number, code),
      repeat: isHeap ? 0 : repeat,
      offset,
      cellBytes,
      heap: cellBytes > 0 ? heap : undefined,
      dims,
      text: undefined,
    });
    offset += cellBytes;
  }
  if (offset > (hdu.axes[0] ?? 0))
    throw keywords.malformed(`the fields of ${offset} bytes do not fit into NAXIS1 of ${hdu.axes[0] ?? 0}`);
  return columns;
}

/** The columns of a text table (section 7.2). */
export function textColumns(hdu: Hdu): Column[] {
  const { keywords } = hdu;
  const columns: Column[] = [];
  const count = keywords.count('TFIELDS', 0, MOST_FIELDS);
  for (let number = 1; number <= count; number++) {
    const form = keywords.text(`TFORM${number}`);
    const match = TEXT_FORM.exec((form ?? '').toUpperCase());
    if (match === null) throw keywords.malformed(`TFORM${number} is ${form === undefined ? 'missing' : `'${form}'`}`);
    const width = Number(match[2]);
    const offset = keywords.count(`TBCOL${number}`, 1, Number.MAX_SAFE_INTEGER) - 1;
    if (offset + width > (hdu.axes[0] ?? 0)) throw keywords.malformed(`field ${number} does not fit into a row`);
    const field = match[1] as TextField['code'];
    const code: ElementCode =
      field === 'A' ? 'A' : field === 'I' && width > 15 ? 'K' : field === 'I' && width <= 9 ? 'J' : 'D';
    const text = { code: field, decimals: Number(match[3] ?? 0), none: keywords.text(`TNULL${number}`) };
    const repeat = field === 'A' ? width : 1;
    columns.push({
      ...common(hdu, number, code),
      repeat,
      offset,
      cellBytes: width,
      heap: undefined,
      dims: undefined,
      text,
    });
  }
  return columns;
}

/** A random group as a row: its parameters, then its array as `DATA` (section 6). */
export function groupColumns(hdu: Hdu): Column[] {
  const { keywords, bitpix, pcount } = hdu;
  const code = GROUP_CODES[bitpix]!;
  const width = Math.abs(bitpix) / 8;
  const columns: Column[] = [];
  if (pcount > MOST_FIELDS) throw keywords.malformed(`PCOUNT of ${pcount} parameters`);
  for (let number = 1; number <= pcount; number++) {
    columns.push({
      name: keywords.text(`PTYPE${number}`) ?? '',
      number,
      unit: undefined,
      code,
      repeat: 1,
      offset: (number - 1) * width,
      cellBytes: width,
      heap: undefined,
      scaling: scaling(keywords.number(`PSCAL${number}`) ?? 1, keywords.number(`PZERO${number}`) ?? 0, undefined),
      dims: undefined,
      text: undefined,
    });
  }
  const dims = hdu.axes.slice(1);
  const repeat = dims.length === 0 ? 0 : dims.reduce((product, axis) => product * axis, 1);
  const blank = bitpix > 0 ? keywords.bigint('BLANK') : undefined;
  columns.push({
    ...common(hdu, pcount + 1, code),
    name: 'DATA',
    repeat,
    offset: pcount * width,
    cellBytes: repeat * width,
    heap: undefined,
    scaling: scaling(keywords.number('BSCALE') ?? 1, keywords.number('BZERO') ?? 0, blank),
    dims,
    text: undefined,
  });
  return columns;
}

const GROUP_CODES: Readonly<Record<number, ElementCode>> = {
  8: 'B',
  16: 'I',
  32: 'J',
  64: 'K',
  [-32]: 'E',
  [-64]: 'D',
};

function common(
  { keywords }: Hdu,
  number: number,
  code: ElementCode,
): Pick<Column, 'name' | 'number' | 'unit' | 'code' | 'scaling'> {
  const isInteger = code === 'B' || code === 'I' || code === 'J' || code === 'K';
  const isNumber = isInteger || code === 'E' || code === 'D' || code === 'C' || code === 'M';
  return {
    name: keywords.text(`TTYPE${number}`) ?? '',
    number,
    unit: keywords.text(`TUNIT${number}`),
    code,
    // TSCAL and TZERO mean nothing for L, X and A (section 7.3.2)
    scaling: isNumber
      ? scaling(
          keywords.number(`TSCAL${number}`) ?? 1,
          keywords.number(`TZERO${number}`) ?? 0,
          isInteger ? keywords.bigint(`TNULL${number}`) : undefined,
        )
      : scaling(1, 0, undefined),
  };
}

function dimensions(text: string | undefined): number[] | undefined {
  const match = /^\( *(\d+(?: *, *\d+)*) *\)$/.exec(text ?? '');
  return match === null ? undefined : match[1]!.split(',').map(Number);
}

/** `60A12`: strings of 12 characters (the substring convention). */
function stringLength(code: ElementCode, rest: string): number[] | undefined {
  const width = code === 'A' ? Number(/^\d+/.exec(rest)?.[0] ?? 0) : 0;
  return width > 0 ? [width] : undefined;
}
