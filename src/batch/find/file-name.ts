import { sep } from 'node:path';

/**
 * The path of a file: a string; where a name on disk is not UTF-8, its bytes (a string could not open it again).
 */
export type FileName = string | Buffer;

/** `folder` and the name of something in it. `.` is left out: what is found in it is called by its name alone. */
export function joinName(folder: FileName, name: FileName): FileName {
  // `-` alone would be standard input.
  if (folder === '.' && name === '-') return `.${sep}-`;
  if (folder === '.' || folder.length === 0) return name;
  if (typeof folder === 'string' && typeof name === 'string') {
    return folder.endsWith(sep) || folder.endsWith('/') ? folder + name : folder + sep + name;
  }
  return Buffer.concat([Buffer.from(folder as string), Buffer.from(sep), Buffer.from(name as string)]);
}

/** The name as text for records and messages: each byte that is no UTF-8 becomes `%XX`, so that two files stay two. */
export function showName(name: FileName): string {
  if (typeof name === 'string') return name;
  let shown = '';
  for (let start = 0; start < name.length; ) {
    const step = validBytes(name, start);
    shown += step > 0 ? name.toString('utf8', start, start + step) : percent(name[start]!);
    start += Math.max(1, step);
  }
  return shown;
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Bytes of the UTF-8 character at `start` (RFC 3629), or 0 if there is none. */
function validBytes(name: Buffer, start: number): number {
  const first = name[start]!;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const bytes = name.subarray(start, start + length);
  return bytes.length === length && Buffer.from(bytes.toString('utf8')).equals(bytes) ? length : 0;
}
