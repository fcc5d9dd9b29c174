import type { Lender } from '../memory/lender.ts';
import { HeadedInput } from './headed-input.ts';
import type { Input } from './input.ts';

/** What {@link openAhead} goes by. */
export interface OpenAheadOptions {
  /** Bytes at the beginning that are read ahead. */
  readonly headBytes: number;
  /** They take their bytes from it; where there is no room, the input is opened without them. */
  readonly budget: Lender | undefined;
  readonly signal: AbortSignal;
}

/** Opens an input and reads its first bytes, before anybody asks for them. Fails as `open` and the read do. Caller closes. */
export async function openAhead(
  open: () => Input | Promise<Input>,
  { headBytes, budget, signal }: OpenAheadOptions,
): Promise<Input> {
  let input: Input | undefined;
  const lease = budget?.tryAcquire(headBytes, { owner: 'read ahead' });
  try {
    input = await open();
    if (budget !== undefined && lease === undefined) return input;
    const readBefore = input.bytesRead;
    const chunk = await input.read(0, headBytes, signal);
    const head = Buffer.from(chunk.bytes);
    chunk.release();
    return new HeadedInput(input, { head, costBytes: input.bytesRead - readBefore, drop: () => lease?.release() });
  } catch (error) {
    lease?.release();
    await input?.close();
    throw error;
  }
}
