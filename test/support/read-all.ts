import type { Input } from '../../src/bytes/input.ts';
import type { TidegateError } from '../../src/errors.ts';

/** What an input gave, front to back, and the error that ended it. */
export interface Reading {
  readonly bytes: Buffer;
  readonly error?: TidegateError;
}

/** Reads an input in chunks until one is empty, and closes it. */
export async function readAll(input: Input, chunkBytes: number): Promise<Reading> {
  const parts: Buffer[] = [];
  let offset = 0;
  try {
    for (;;) {
      const chunk = await input.read(offset, chunkBytes);
      const { length } = chunk.bytes;
      parts.push(Buffer.from(chunk.bytes));
      offset += length;
      chunk.release();
      if (length === 0) return { bytes: Buffer.concat(parts) };
    }
  } catch (error) {
    return { bytes: Buffer.concat(parts), error: error as TidegateError };
  } finally {
    await input.close();
  }
}
