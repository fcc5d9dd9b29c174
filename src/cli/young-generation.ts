import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * Keeps the memory for new objects from growing beyond `limitBytes`. A stream of short-lived records makes V8 grow it
 * to 32 MiB (Node 20) or 128 MiB (Node 24), which then count as RSS; measured, 8 MiB cost no CPU.
 *
 * `--max-semi-space-size` is read at the start of the process only, the factor of the growth at each growth: once
 * the size is reached, the factor becomes 1. Call now and then, until it returns `true`.
 */
export function limitYoungGeneration(limitBytes: number): boolean {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  if (space !== undefined && space.space_size < limitBytes) return false;
  setFlagsFromString('--semi-space-growth-factor=1');
  return true;
}
