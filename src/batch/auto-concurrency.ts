import { availableParallelism } from 'node:os';

/** The reads of one file go on while another is parsed; beyond that more files only take more memory. */
export function autoConcurrency(): number {
  return Math.min(16, Math.max(4, 2 * availableParallelism()));
}
