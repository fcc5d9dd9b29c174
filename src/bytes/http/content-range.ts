/** What an answer says it carries: the bytes from `start` up to `end` of `sizeBytes`. */
export interface ContentRange {
  readonly start: number;
  readonly end: number;
  /** `undefined` while the server does not know it. */
  readonly sizeBytes: number | undefined;
}

/** Reads a `Content-Range` (RFC 9110 14.4), also the one of a 416, which has no range: `bytes * /size`. */
export function contentRange(response: Response): ContentRange | undefined {
  const match = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (match === null) return undefined;
  const [, first, last, size] = match;
  return {
    start: Number(first ?? 0),
    end: last === undefined ? 0 : Number(last) + 1,
    sizeBytes: size === '*' ? undefined : Number(size),
  };
}
