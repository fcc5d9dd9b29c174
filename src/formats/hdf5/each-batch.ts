import { isPromise } from '../../bytes/input.ts';
import type { Hdf5File } from './file.ts';
import type { Steps } from './steps.ts';

/** The batches of an iteration that `open` (a step) begins, awaited where bytes have to be waited for. */
export async function* eachBatch<T>(file: Hdf5File, open: () => Steps<T>): AsyncGenerator<readonly T[], void, void> {
  const opened = file.run(open);
  const steps = isPromise(opened) ? await opened : opened;
  for (;;) {
    const next = file.run(() => steps.next());
    const batch = isPromise(next) ? await next : next;
    if (!batch) return;
    if (batch.length > 0) yield batch;
  }
}
