import { Cards } from './cards.ts';
import type { Header } from './header.ts';
import { Keywords } from './keywords.ts';
import type { Card } from './value.ts';

/** What has to be known of a whole header before its first record. */
export interface Survey {
  readonly keywords: Keywords;
  /** How often each keyword stands there; repeated ones are numbered from the first on. */
  readonly counts: ReadonlyMap<string, number>;
  /** Cards up to the last that is not blank: blank ones before END are room kept free. */
  readonly cardCount: number;
  readonly hasForeignBytes: boolean;
  /** The cards, unless there are many: then they are parsed once more as their records are made. */
  readonly cards: readonly Card[] | undefined;
}

const KEPT_CARDS = 1024;

/** Goes through the cards of a header once. */
export function surveyHeader(header: Header): Survey {
  const keywords = new Keywords(header.offset);
  const counts = new Map<string, number>();
  const cards = new Cards(header);
  const kept: Card[] = [];
  let index = 0;
  let cardCount = 0;
  for (let card = cards.next(); card !== undefined; card = cards.next()) {
    index++;
    if (kept.length < KEPT_CARDS) kept.push(card);
    counts.set(card.keyword, (counts.get(card.keyword) ?? 0) + 1);
    if (!card.isCommentary) keywords.add(card.keyword, card.value);
    if (card.keyword !== '' || card.value !== '') cardCount = index;
  }
  const { hasForeignBytes } = cards;
  return { keywords, counts, cardCount, hasForeignBytes, cards: index <= KEPT_CARDS ? kept : undefined };
}
