import { isUtf8 } from 'node:buffer';
import type { Recorder } from '../recorder.ts';

/** Text of the file, trailing NULs cut off. What is not UTF-8 becomes U+FFFD, and an issue. */
export function decodeText(bytes: Buffer, out: Recorder, path: string, offset?: number): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const text = bytes.toString('utf8', 0, end);
  if (text.includes('\uFFFD') && !isUtf8(bytes)) {
    const message = 'Text is not UTF-8: what cannot be decoded is shown as U+FFFD';
    out.issue({ code: 'ERR_TEXT', severity: 'warning', message, offset, path });
  }
  return text;
}

/** {@link decodeText} for a binary string; most are ASCII, and so text already. */
export function decodeBinary(binary: string, out: Recorder, path: string, offset?: number): string {
  if (isPlain(binary)) return binary;
  return decodeText(Buffer.from(binary, 'latin1'), out, path, offset);
}

/** ASCII without NULs. Most texts are short: a loop over them is several times cheaper than a pattern. */
function isPlain(binary: string): boolean {
  if (binary.length > 64) return !/[\0\x80-\xff]/.test(binary);
  for (let index = 0; index < binary.length; index++) {
    const code = binary.charCodeAt(index);
    if (code === 0 || code > 0x7f) return false;
  }
  return true;
}
