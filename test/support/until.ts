import { setTimeout as delay } from 'node:timers/promises';

/** Waits until something is so; fails if it is not so after 5 seconds. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let attempt = 0; !isSo(); attempt++) {
    if (attempt === 500) throw new Error(`Cannot wait any longer: ${isSo}`);
    await delay(10);
  }
}
