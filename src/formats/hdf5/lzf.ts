import { TidegateError } from '../../errors.ts';

/**
 * Undoes LibLZF (the filter "lzf" of h5py): a byte below 32 begins that many literals and one more, any other a copy
 * of earlier output. `ERR_INFLATE` where it leaves its input, its output or `maxBytes`.
 */
export function decodeLzf(bytes: Buffer, maxBytes: number): Buffer {
  const out = Buffer.allocUnsafe(Math.min(maxBytes, bytes.length * 132));
  let from = 0;
  let to = 0;
  while (from < bytes.length) {
    const control = bytes[from++]!;
    if (control < 32) {
      const count = control + 1;
      if (from + count > bytes.length || to + count > out.length) throw broken(from);
      bytes.copy(out, to, from, from + count);
      from += count;
      to += count;
      continue;
    }
    let count = (control >> 5) + 2;
    if (count === 9) count += bytes[from++] ?? 0;
    const back = ((control & 0x1f) << 8) + (bytes[from++] ?? 0) + 1;
    if (from > bytes.length || back > to || to + count > out.length) throw broken(from);
    // Byte by byte: a copy may reach into what it writes.
    for (let index = 0; index < count; index++, to++) out[to] = out[to - back]!;
  }
  return out.subarray(0, to);
}

function broken(at: number): TidegateError {
  return new TidegateError('ERR_INFLATE', `Cannot decode lzf: byte ${at} of the chunk points outside`);
}
