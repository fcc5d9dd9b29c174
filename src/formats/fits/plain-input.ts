import { inflateInput } from '../../bytes/inflate-input.ts';
import type { Input } from '../../bytes/input.ts';
import type { ReadOptions } from '../format.ts';

/** The input itself, or what is in it if it is a gzip file: the first bytes decide, not the name. */
export async function plainInput(input: Input, options: ReadOptions): Promise<Input> {
  const chunk = await input.read(0, 2, options.signal);
  const isGzip = chunk.bytes[0] === 0x1f && chunk.bytes[1] === 0x8b;
  chunk.release();
  if (!isGzip) return input;
  const { maxInflateRatio, maxInflateBytes } = options;
  return inflateInput(input, { kind: 'gzip', maxInflateRatio, maxInflateBytes });
}
