import { KiB } from '../../units.ts';
import { issueInPlace } from './issue-in-place.ts';
import { carefulText, hasLoneSurrogate, isPlainJson, jsonText } from './json-text.ts';

/**
 * Text is handed on in pieces of about this many characters: longer strings have memory of their own, which V8 frees
 * only by a full collection.
 */
const PIECE_CHARS = 64 * KiB;

/**
 * The values as JSON lines, in pieces. A value that cannot be written becomes an
 * `issue` in its place; its neighbours are not harmed.
 */
export function* jsonLines(batch: readonly unknown[]): Generator<string, void, void> {
  for (let start = 0; start < batch.length; ) {
    let piece = linesFrom(batch, start, quickText);
    // Looked for once a piece; found, the piece is made again with care.
    if (hasLoneSurrogate(piece.text)) piece = linesFrom(batch, start, carefulText);
    yield terminalSafe(piece.text);
    start = piece.end;
  }
}

/** Lines from `start` on, until there are {@link PIECE_CHARS} of them. */
function linesFrom(batch: readonly unknown[], start: number, toText: (value: unknown) => string) {
  let text = '';
  let end = start;
  while (end < batch.length && text.length < PIECE_CHARS) {
    const value = batch[end++];
    try {
      text += `${toText(value)}\n`;
    } catch (error) {
      text += `${jsonText(issueInPlace(value, error))}\n`;
    }
  }
  return { text, end };
}

function quickText(value: unknown): string {
  return isPlainJson(value) ? (JSON.stringify(value) ?? 'null') : carefulText(value);
}

/** DEL, C1 (8-bit escape sequences) and bidirectional marks: JSON.stringify lets them pass, terminals obey them. */
const OBEYED = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The same JSON with everything that a terminal could obey written as `\uXXXX`. */
export function terminalSafe(json: string): string {
  // Pure ASCII, which is nearly all, is told by its length: the slow search runs on the rest alone.
  const isAscii = Buffer.byteLength(json) === json.length;
  if (isAscii && !json.includes('\u007f')) return json;
  return json.replace(OBEYED, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
