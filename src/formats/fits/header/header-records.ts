import type { Recorder } from '../../recorder.ts';
import { Cards } from './cards.ts';
import type { Header } from './header.ts';
import type { Survey } from './survey.ts';
import type { Card } from './value.ts';

const UNIT = /^\[([^\]]*)\]/;

/** One field a card, in the order of the header. Yields whenever a batch is full. */
export function* headerRecords(
  header: Header,
  survey: Survey,
  path: string,
  out: Recorder,
): Generator<void, void, void> {
  const { cards, counts, cardCount } = survey;
  const again = cards === undefined ? new Cards(header) : undefined;
  let seen: Map<string, number> | undefined;
  for (let index = 0; index < cardCount; index++) {
    const card = cards?.[index] ?? again!.next()!;
    const isRepeated = counts.get(card.keyword)! > 1 || isCommentaryKeyword(card.keyword);
    let fieldPath = `${path}/${card.keyword}`;
    if (isRepeated) {
      seen ??= new Map();
      const nth = seen.get(card.keyword) ?? 0;
      seen.set(card.keyword, nth + 1);
      fieldPath += `[${nth}]`;
    }
    field(card, fieldPath, out);
    if (card.isMalformed) {
      const message = `Cannot read the value of ${card.keyword}: ${JSON.stringify(card.value)}`;
      out.issue({ code: 'ERR_MALFORMED', severity: 'warning', message, offset: header.offset, path: fieldPath });
    }
    if (out.isFull) yield;
  }
}

function isCommentaryKeyword(keyword: string): boolean {
  return keyword === 'COMMENT' || keyword === 'HISTORY' || keyword === '';
}

function field({ keyword, dtype, value, comment }: Card, path: string, out: Recorder): void {
  const unit = comment?.startsWith('[') ? UNIT.exec(comment)?.[1]?.trim() : undefined;
  out.field({ path, key: keyword, name: keyword, dtype, value, unit, comment });
}
