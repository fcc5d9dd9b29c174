/** Runs of a property: `full` where TIDEGATE_TEST_RUNS is `ci`, else a tenth, so that `npm test` stays quick. */
export function RUNS(full: number): number {
  return process.env.TIDEGATE_TEST_RUNS === 'ci' ? full : Math.ceil(full / 10);
}
