import { type Input, isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import type { Recorder } from '../recorder.ts';
import type { ClassicPlaces } from './classic-walk.ts';

/**
 * `ERR_TRUNCATED_INPUT` if the input ends before the data that its header declares, or within a record that nobody
 * counted; a warning if the padding behind the last value is missing, which takes nothing from anybody.
 */
export async function checkClassicEnd(
  input: Input,
  { layout, recordCount, headerEnd, inputEnd }: ClassicPlaces,
  seenEnd: number,
  out: Recorder,
  signal: AbortSignal | undefined,
): Promise<void> {
  const endOffset = layout.endOffset(recordCount);
  const paddedEndOffset = layout.paddedEndOffset(recordCount);
  if (inputEnd !== undefined && inputEnd > Math.max(paddedEndOffset, headerEnd)) {
    const message = `Cannot find all of record ${recordCount}: the input ends at byte ${inputEnd}`;
    throw new TidegateError('ERR_TRUNCATED_INPUT', message, { file: input.name, offset: inputEnd });
  }
  const sizeBytes = inputEnd ?? input.sizeBytes;
  if (paddedEndOffset <= (sizeBytes ?? seenEnd)) return;
  // Of a pipe only what has not been seen yet can be asked for.
  const reaches = async (offset: number): Promise<boolean> =>
    offset <= (sizeBytes ?? seenEnd) || (sizeBytes === undefined && (await hasByte(input, offset - 1, signal)));
  if (!(await reaches(endOffset))) {
    const message = `Cannot find all data: they should end at byte ${endOffset}, the input ends before`;
    const offset = inputEnd ?? input.sizeBytes ?? endOffset;
    throw new TidegateError('ERR_TRUNCATED_INPUT', message, { file: input.name, offset });
  }
  if (paddedEndOffset > endOffset && !(await reaches(paddedEndOffset))) {
    const message = 'The padding behind the last value is missing';
    out.issue({ code: 'ERR_TRUNCATED_INPUT', severity: 'warning', message, offset: endOffset });
  }
}

async function hasByte(input: Input, offset: number, signal: AbortSignal | undefined): Promise<boolean> {
  const pending = input.read(offset, 1, signal);
  const chunk = isPromise(pending) ? await pending : pending;
  const { length } = chunk.bytes;
  chunk.release();
  return length > 0;
}
