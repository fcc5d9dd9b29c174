import { measureRun } from '../data/measure.ts';
import { Moments } from '../data/moments.ts';
import { type Kernel, PIXELS_AT, RUN_BYTES } from '../kernel/kernel.ts';
import type { Column } from './column.ts';
import type { StoredRows } from './decode.ts';

const BITPIX: Readonly<Record<string, number>> = { B: 8, I: 16, J: 32, K: 64, E: -32, D: -64 };

/**
 * Moments of the stored values of a column, without decoding them; `undefined` if they are no plain numbers, or the
 * rows are not in the kernel's memory.
 */
export function measureColumn(kernel: Kernel, rows: StoredRows, column: Column): Moments | undefined {
  const { bytes, rowBytes, rowCount } = rows;
  const { cellBytes, offset, scaling, text } = column;
  const bitpix = text === undefined ? BITPIX[column.code] : undefined;
  if (bitpix === undefined || bytes.buffer !== kernel.memory.buffer || cellBytes > RUN_BYTES) return undefined;
  const moments = new Moments();
  if (cellBytes === 0) return moments;
  const first = bytes.byteOffset + offset;
  const rowsPerRun = Math.floor(RUN_BYTES / cellBytes);
  for (let row = 0; row < rowCount; row += rowsPerRun) {
    const count = Math.min(rowsPerRun, rowCount - row);
    kernel.gather(first + row * rowBytes, rowBytes, cellBytes, count, PIXELS_AT);
    moments.merge(
      measureRun(kernel, bitpix, count * cellBytes, scaling.blank, moments.validCount > 0 ? moments.mean : undefined),
    );
  }
  return moments;
}
