/** `full` under TIDEGATE_TEST_RUNS=ci, else a tenth of it. */
export function testRuns(full: number): number {
  return process.env.TIDEGATE_TEST_RUNS === 'ci' ? full : Math.max(1, Math.ceil(full / 10));
}
