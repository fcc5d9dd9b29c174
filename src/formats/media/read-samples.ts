import type { Recorder } from '../recorder.ts';
import type { ProbeContext } from './container.ts';
import type { Probed } from './probe.ts';
import type { MediaRequest } from './read-media.ts';

/** The sample records that were asked for: packets, then frames. */
export async function* readSamples(
  _context: ProbeContext,
  _probed: Probed,
  _out: Recorder,
  _options: MediaRequest,
): AsyncGenerator<void> {}
