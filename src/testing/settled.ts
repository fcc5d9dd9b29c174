/** Waits until `probe` has given the same number for a while: what was going to run ahead has done so. */
export async function settled(probe: () => number): Promise<void> {
  for (let same = 0, last = probe(); same < 3; ) {
    await new Promise((resolve) => setTimeout(resolve, 4));
    const now = probe();
    same = now === last ? same + 1 : 0;
    last = now;
  }
}
