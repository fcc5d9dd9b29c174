/** Items of one run. */
export const ITEMS = 9600;

/** What one item does; what it keeps stays alive with the closure. */
export type Work = (index: number) => void | Promise<void>;
export type Random = () => number;
/** Workloads by name; each run of one has other numbers. */
export type Makers = Readonly<Record<string, (next: Random) => Work>>;

/** Not by `repeat`, whose text is put together from its own halves and takes next to nothing. */
export const text = (index: number, length: number): string => Buffer.alloc(length, `${index} `).toString('latin1');

export const record = (index: number): object => ({
  index,
  name: `item ${index}`,
  tags: [index, index + 1],
  at: { x: index / 3 },
});

export const between = (next: Random, low: number, high: number): number => Math.round(low + (high - low) * next());

/** One after the other, each with every item. */
export const both =
  (...works: readonly Work[]): Work =>
  (index) => {
    for (const work of works) void work(index);
  };
