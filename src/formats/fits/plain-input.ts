import { inflateInput } from '../../bytes/inflate-input.ts';
import type { Input } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import type { ReadOptions } from '../format.ts';

const GZIP_MAGIC = '1f8b';
const OTHER_PACKINGS: Readonly<Record<string, string>> = { '1f9d': 'compress (.Z)', '425a': 'bzip2' };

/** The input itself, or what is in it if it is a gzip file: the first bytes decide, not the name. */
export async function plainInput(input: Input, options: ReadOptions): Promise<Input> {
  const chunk = await input.read(0, 2, options.signal);
  const magic = chunk.bytes.toString('hex');
  chunk.release();
  const other = OTHER_PACKINGS[magic];
  if (other !== undefined) {
    throw new TidegateError('ERR_UNSUPPORTED', `Cannot read ${input.name}: it is packed by ${other}, not by gzip`, {
      offset: 0,
    });
  }
  if (magic !== GZIP_MAGIC) return input;
  const { maxInflateRatio, maxInflateBytes } = options;
  return inflateInput(input, { kind: 'gzip', maxInflateRatio, maxInflateBytes });
}
