/** Data blocks of one size (spec. VII.D: "super block"). */
export interface Level {
  readonly blocks: number;
  readonly blockElements: number;
  /** Number of the first entry. */
  readonly first: number;
}

/** What the head of an extensible array says of its blocks. */
interface LevelFacts {
  readonly maxBits: number;
  readonly indexElements: number;
  readonly minBlockElements: number;
}

/** Level n has 2^(n/2) blocks of 2^((n+1)/2) times the least number of entries, divisions rounded down. */
export function levelsOf(header: LevelFacts): Level[] {
  const levels: Level[] = [];
  let first = header.indexElements;
  const count = 1 + header.maxBits - Math.log2(header.minBlockElements);
  for (let level = 0; level < count; level++) {
    const blocks = 2 ** Math.floor(level / 2);
    const blockElements = 2 ** Math.floor((level + 1) / 2) * header.minBlockElements;
    levels.push({ blocks, blockElements, first });
    first += blocks * blockElements;
  }
  return levels;
}
