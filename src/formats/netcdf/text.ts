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
