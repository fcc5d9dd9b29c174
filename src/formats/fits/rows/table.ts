import type { Hdu } from '../hdu.ts';
import { binaryColumns, type Column, groupColumns, textColumns } from './column.ts';

/** Where the rows of an HDU are, and what is in them. */
export interface Table {
  readonly hdu: Hdu;
  readonly columns: readonly Column[];
  readonly rowBytes: number;
  readonly rowCount: number;
  /** First byte of the heap within the data, and its bytes. */
  readonly heapOffset: number;
  readonly heapBytes: number;
}

/** The table in an HDU; `undefined` if it has none. `ERR_MALFORMED` if its columns contradict its size. */
export function describeTable(hdu: Hdu): Table | undefined {
  const { kind, axes, keywords } = hdu;
  if (kind === 'groups') {
    const rowBytes = hdu.gcount === 0 ? 0 : hdu.dataBytes / hdu.gcount;
    return { hdu, columns: groupColumns(hdu), rowBytes, rowCount: hdu.gcount, heapOffset: 0, heapBytes: 0 };
  }
  if (kind !== 'bintable' && kind !== 'table') return undefined;
  if (axes.length !== 2 || hdu.bitpix !== 8 || hdu.gcount !== 1)
    throw keywords.malformed('a table has BITPIX 8, NAXIS 2 and GCOUNT 1');
  const [rowBytes, rowCount] = [axes[0]!, axes[1]!];
  const mainBytes = rowBytes * rowCount;
  const heapOffset = keywords.count('THEAP', 0, Number.MAX_SAFE_INTEGER, mainBytes);
  const heapBytes = Math.max(0, hdu.dataBytes - heapOffset);
  const columns = kind === 'table' ? textColumns(hdu) : binaryColumns(hdu);
  return { hdu, columns, rowBytes, rowCount, heapOffset, heapBytes };
}
