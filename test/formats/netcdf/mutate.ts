/** Mulberry32: the same numbers in every run. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let value = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Changes up to four places of a file, and cuts one in eight; the same seed makes the same mutant. */
export function mutate(file: Buffer, seed: number): Buffer {
  const next = random(seed);
  const mutant = Buffer.from(file);
  const pick = (count: number): number => Math.floor(next() * count);
  for (let left = 1 + pick(4); left > 0; left--) {
    const at = pick(mutant.length);
    const kind = pick(4);
    if (kind === 0) mutant[at] = pick(256);
    else if (kind === 1) mutant[at] = [0, 1, 0x7f, 0x80, 0xff][pick(5)]!;
    else if (kind === 2 && at + 4 <= mutant.length)
      mutant.writeUInt32BE([0xffffffff, 0x7fffffff, 0x80000000][pick(3)]!, at);
    else mutant.copyWithin(at, pick(mutant.length), pick(mutant.length));
  }
  return pick(8) === 0 ? mutant.subarray(0, pick(mutant.length)) : mutant;
}
