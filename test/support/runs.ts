/** How often a property is tried: `full` times with TIDEGATE_TEST_RUNS=ci, else a tenth of that. */
export function runs(full: number): number {
  return process.env.TIDEGATE_TEST_RUNS === 'ci' ? full : Math.ceil(full / 10);
}
