import { h5File } from './h5-file.ts';

/**
 * A file with one byte changed that makes the HDF5 library loop for as long as it gets memory: the free block of its
 * root group's local heap (spec. III.D) says that the next one is itself. The own reader does not read that list.
 * The elements of `/d` need the library.
 */
export async function loopingFile(): Promise<Buffer> {
  const data = Int32Array.from({ length: 64 }, (_, index) => index * 3);
  const bytes = await h5File((file) =>
    file.create_dataset({ name: 'd', data, chunks: [32], compression: 5, compression_opts: [] }),
  );
  const heap = bytes.indexOf('HEAP', 0, 'latin1');
  const freeBlock = bytes.readUInt8(heap + 16);
  const next = Number(bytes.readBigUInt64LE(heap + 24)) + freeBlock;
  if (bytes.readBigUInt64LE(next) !== 1n) throw new Error('Cannot change the free list: its end is not where it was');
  bytes[next] = freeBlock;
  return bytes;
}
