/** Tags of a data set that are known by heart: enough for any honest one. */
const SEEN_COUNT = 4096;

/** Which tags each open data set has had: a path names one field, and broken files have elements twice. */
export class SeenTags {
  readonly #levels: number[][] = [[]];

  /** A data set begins on this level. */
  open(level: number): void {
    const tags = this.#levels[level];
    if (tags === undefined) this.#levels[level] = [];
    else tags.length = 0;
  }

  /** Takes note of a tag; `true` if it was there before. Tags ascend (PS3.5 7.1): only one that does not is looked up. */
  isRepeated(level: number, tag: number): boolean {
    const tags = this.#levels[level]!;
    const isFull = tags.length >= SEEN_COUNT;
    if (tags.length === 0 || tag > tags[tags.length - 1]!) {
      if (isFull) tags[tags.length - 1] = tag;
      else tags.push(tag);
      return false;
    }
    if (tags.includes(tag)) return true;
    if (!isFull) tags.splice(-1, 0, tag);
    return false;
  }
}
