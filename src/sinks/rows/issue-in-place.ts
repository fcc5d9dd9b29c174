import { asTidegateError } from '../../errors.ts';

/** What stands in the place of a value that a sink cannot write: an `issue` without what the value did not tell. */
interface IssueInPlace {
  readonly file?: string | undefined;
  readonly format?: string | undefined;
  readonly seq?: number | undefined;
  readonly kind: 'issue';
  readonly code: string;
  readonly severity: 'error';
  readonly message: string;
  readonly path?: string | undefined;
}

/** Says why a value cannot be written; the record's place in its file is kept. */
export function issueInPlace(value: unknown, error: unknown): IssueInPlace {
  const { code, message } = asTidegateError(error, 'ERR_SINK');
  const { file, format, path } = members(value, ['file', 'format', 'path'], isString);
  const { seq } = members(value, ['seq'], Number.isSafeInteger as (member: unknown) => member is number);
  return { file, format, seq, kind: 'issue', code, severity: 'error', message, path };
}

function isString(member: unknown): member is string {
  return typeof member === 'string';
}

function members<K extends string, V>(
  value: unknown,
  keys: readonly K[],
  isFit: (member: unknown) => member is V,
): Partial<Record<K, V>> {
  const found: Partial<Record<K, V>> = {};
  for (const key of keys) {
    try {
      const member = (value as Record<K, unknown>)[key];
      if (isFit(member)) found[key] = member;
    } catch {
      // A getter that throws: the issue does without this member.
    }
  }
  return found;
}
