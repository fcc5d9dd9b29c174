import { isAscii } from 'node:buffer';
import { CARD_BYTES, parseCard, parseContinuation } from './card.ts';
import { BLOCK_BYTES, type Header } from './header.ts';
import type { Card } from './value.ts';

const FOREIGN = /[\x80-\xff]/g;

/** Reads the cards of one header in order; long strings are joined over CONTINUE (FITS 4.0 section 4.2.1.2). */
export class Cards {
  /** Bytes outside of ASCII were met; they are U+FFFD in the text. */
  hasForeignBytes = false;
  readonly #pieces: readonly Buffer[];
  #pieceIndex = 0;
  #pieceOffset = 0;
  #text = '';
  #at = 0;
  #leftBytes: number;

  constructor({ pieces, cardsBytes }: Header) {
    this.#pieces = pieces;
    this.#leftBytes = cardsBytes;
  }

  /** The next card; `undefined` behind the last one. */
  next(): Card | undefined {
    if (!this.#hasCard()) return undefined;
    const card = parseCard(this.#text, this.#at);
    this.#at += CARD_BYTES;
    if (card.dtype !== 'string' || card.isCommentary || !(card.value as string).endsWith('&')) return card;
    return this.#continued(card);
  }

  #continued(card: Card): Card {
    let value = card.value as string;
    const comments = card.comment === undefined ? [] : [card.comment];
    while (value.endsWith('&') && this.#hasCard() && this.#text.startsWith('CONTINUE', this.#at)) {
      const next = parseContinuation(this.#text, this.#at);
      if (next === undefined) break; // without a string it is a commentary card
      this.#at += CARD_BYTES;
      value = value.slice(0, -1) + next.value;
      if (next.comment !== undefined) comments.push(next.comment);
    }
    return { ...card, value, comment: comments.length === 0 ? undefined : comments.join(' ') };
  }

  /** Decodes a block at a time: one call for 36 cards, and a value that is kept keeps no more than its block. */
  #hasCard(): boolean {
    if (this.#at < this.#text.length) return true;
    while (this.#leftBytes > 0) {
      const piece = this.#pieces[this.#pieceIndex]!;
      if (this.#pieceOffset >= piece.length) {
        this.#pieceIndex++;
        this.#pieceOffset = 0;
        continue;
      }
      const end = this.#pieceOffset + Math.min(BLOCK_BYTES, this.#leftBytes);
      this.#text = this.#decode(piece.subarray(this.#pieceOffset, end));
      this.#pieceOffset = end;
      this.#leftBytes -= this.#text.length;
      this.#at = 0;
      return true;
    }
    return false;
  }

  #decode(bytes: Buffer): string {
    const text = bytes.toString('latin1');
    if (isAscii(bytes)) return text;
    this.hasForeignBytes = true;
    return text.replaceAll(FOREIGN, '\ufffd');
  }
}
