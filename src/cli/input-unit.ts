import type { Found } from '../batch/found.ts';
import type { SinkUnit } from '../flow/sink.ts';
import { fileUnit } from '../sinks/file-unit.ts';

/** An input as the unit of a sink. What is no file on disk is known by its name alone. */
export async function inputUnit(found: Found): Promise<SinkUnit> {
  return found.kind === 'file' ? await fileUnit(found.path, found.name) : { file: found.path, identity: '' };
}
