import type { NetCDFReader } from 'netcdfjs';
import { asTidegateError, TidegateError } from '../../errors.ts';
import { positiveInteger } from '../../options.ts';
import { MiB } from '../../units.ts';

/** Options for {@link toNetcdfjs}. */
export interface ToNetcdfjsOptions {
  /** netcdfjs holds a whole file and what it decodes: larger ones are refused. @defaultValue 64 MiB */
  readonly maxBytes?: number | undefined;
}

/**
 * The `NetCDFReader` of the package netcdfjs over a small CDF-1 or CDF-2 file, for code that speaks its API already.
 * It does not know CDF-5 nor NetCDF-4 (`ERR_UNSUPPORTED`); `ERR_LIMIT` for a large file, `ERR_MISSING_PEER` if the
 * package is not installed, `ERR_MALFORMED` if it cannot read the header.
 */
export async function toNetcdfjs(bytes: Uint8Array, options: ToNetcdfjsOptions = {}): Promise<NetCDFReader> {
  const maxBytes = positiveInteger('maxBytes', options.maxBytes ?? 64 * MiB);
  if (bytes.length > maxBytes) {
    const message = `Cannot hand ${bytes.length} bytes to netcdfjs: maxBytes is ${maxBytes}`;
    throw new TidegateError('ERR_LIMIT', message, { limit: 'maxBytes' });
  }
  const version = bytes[3];
  if (version !== 1 && version !== 2) {
    throw new TidegateError('ERR_UNSUPPORTED', 'Cannot hand this file to netcdfjs: it is neither CDF-1 nor CDF-2');
  }
  const { NetCDFReader } = await loadNetcdfjs();
  try {
    return new NetCDFReader(bytes);
  } catch (error) {
    throw asTidegateError(error, 'ERR_MALFORMED');
  }
}

async function loadNetcdfjs(): Promise<typeof import('netcdfjs')> {
  try {
    return await import('netcdfjs');
  } catch (cause) {
    const message = 'Cannot load netcdfjs, which is not installed: run npm install netcdfjs@^4.0.0';
    throw new TidegateError('ERR_MISSING_PEER', message, { peer: 'netcdfjs', cause });
  }
}
