/** C0, DEL, C1, and the marks that turn the direction of text or end a line: a terminal obeys them. */
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/gu;

/** Text from a file or a file name, made harmless for a terminal: what it would obey, other than `allowed`, is `\uXXXX`. */
export function printable(text: string, allowed = ''): string {
  return text.replace(OBEYED, (char) =>
    char === allowed ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
