import type { NewArray } from './workspace.ts';

/**
 * Undoes PLIO_1 (FITS 4.0 section 10.4.3; the line lists of IRAF): 16-bit instructions of 4 bits of code and 12 of
 * data, that move a value up and down and write runs of it. `undefined` if the list is damaged.
 */
export function plioDecode(list: Int16Array, count: number, newArray: NewArray): Int32Array | undefined {
  const out = newArray(Int32Array, count).fill(0);
  if (list.length < 3) return undefined;
  // Header of version 0: length in word 2; else in words 3 and 4, behind a header of word 1 words
  const isOld = list[2]! > 0;
  const length = isOld ? list[2]! : (list[4]! << 15) + list[3]!;
  if (length < 0 || length > list.length) return undefined;
  let value = 1;
  let to = 0;
  for (let at = isOld ? 3 : list[1]!; at < length && to < count; at++) {
    const word = list[at] ?? 0;
    const code = (word >> 12) & 0xf;
    const number = word & 0xfff;
    if (code === 0 || code === 4 || code === 5) {
      const end = to + number;
      const stop = Math.min(end, count);
      if (code === 4) out.fill(value, to, stop);
      else if (code === 5 && end <= count && number > 0) out[end - 1] = value;
      to = stop;
    } else if (code === 1) {
      value = ((list[++at] ?? 0) << 12) + number;
    } else if (code === 2) value += number;
    else if (code === 3) value -= number;
    else if (code === 6 || code === 7) {
      value += code === 6 ? number : -number;
      out[to++] = value;
    } else return undefined;
  }
  return out;
}
