import { cpuMs } from '../../support/cpu-time.ts';

/** What the bar calls a hang. */
const HANG_MS = 2_000;
/** The collector may make one run slow; what hangs is slow each time. */
const TRIES = 3;

/** The result of `run`; an error that names `what` if it takes more than two seconds of CPU time, three times in a row. */
export async function inTime<T>(what: string, run: () => Promise<T>): Promise<T> {
  for (let left = TRIES; left > 0; left--) {
    const start = cpuMs();
    const result = await run();
    if (cpuMs() - start < HANG_MS) return result;
  }
  throw new Error(`${what} took more than ${HANG_MS} ms, ${TRIES} times`);
}
