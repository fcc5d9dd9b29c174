import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { TidegateError } from '../../errors.ts';
import { nonNegativeInteger } from '../../options.ts';
import { KiB } from '../../units.ts';

/** How a sink of bytes compresses. */
export interface CompressionOptions {
  /**
   * Compress by gzip: `true` for level 1 (two thirds of the CPU of level 6 for a quarter more bytes), or a level from
   * 0 to 9. @defaultValue `true` for a path that ends in `.gz`, else `false`
   */
  readonly gzip?: boolean | number | undefined;
  /**
   * Compress by Zstandard, where Node has it (22.15, 23.8 and later): `true` for level 3, or a level from 1 to 19.
   * @defaultValue `true` for a path that ends in `.zst`, else `false`
   */
  readonly zstd?: boolean | number | undefined;
}

/** A compressor for one member of the output; what it makes of several, one behind the other, is a whole again. */
export type Compressor = () => Transform;

/** In newer versions of Node. */
interface Zstd {
  createZstdCompress?(options: { chunkSize: number; params: Record<number, number> }): Transform;
  readonly constants: { readonly ZSTD_c_compressionLevel?: number };
}

const CHUNK_BYTES = 64 * KiB;
const GZIP_LEVEL = 1;
const ZSTD_LEVEL = 3;

/** The compressor that the options, or the end of the name, ask for. `ERR_OPTION` if there is none of that kind. */
export function compressorOf(name: string | undefined, options: CompressionOptions): Compressor | undefined {
  const { gzip = name?.endsWith('.gz'), zstd = name?.endsWith('.zst') } = options;
  if (gzip !== undefined && gzip !== false) {
    const level = levelOf('gzip', gzip === true ? GZIP_LEVEL : gzip, 0, 9);
    return () => zlib.createGzip({ level, chunkSize: CHUNK_BYTES });
  }
  if (zstd === undefined || zstd === false) return undefined;
  const level = levelOf('zstd', zstd === true ? ZSTD_LEVEL : zstd, 1, 19);
  const { createZstdCompress, constants } = zlib as unknown as Zstd;
  if (createZstdCompress === undefined || constants.ZSTD_c_compressionLevel === undefined) {
    const message = `Cannot compress by zstd: Node ${process.versions.node} has none, 22.15 and later have`;
    throw new TidegateError('ERR_OPTION', message, { option: 'zstd' });
  }
  const params = { [constants.ZSTD_c_compressionLevel]: level };
  return () => createZstdCompress({ chunkSize: CHUNK_BYTES, params });
}

function levelOf(option: string, level: number, min: number, max: number): number {
  if (nonNegativeInteger(option, level) >= min && level <= max) return level;
  const message = `Cannot use option ${option}: expected a level from ${min} to ${max}, got ${level}`;
  throw new TidegateError('ERR_OPTION', message, { option });
}
