import { isPromise } from '../../../bytes/input.ts';
import { TidegateError } from '../../../errors.ts';
import { MiB } from '../../../units.ts';
import { openChunks } from '../chunk-index.ts';
import type { Datatype } from '../datatype.ts';
import { eachBatch } from '../each-batch.ts';
import type { Hdf5File } from '../file.ts';
import { codecOf } from '../filter-pipeline.ts';
import { unsupported } from '../malformed.ts';
import type { DatasetObject } from '../object.ts';
import { clip, regionsOf } from '../region.ts';
import type { Slab } from '../slabs.ts';
import { readVirtualSources } from '../virtual-sources.ts';
import type { FallbackDecoder } from './decoder.ts';
import { memoryType } from './memory-type.ts';
import { pluginsFor } from './plugins.ts';

/** The elements of a dataset by the library: chunk by chunk, or in regions of 1 MiB where there are no chunks. */
export async function* fallbackSlabs(
  file: Hdf5File,
  path: string,
  dataset: DatasetObject,
  decoder: FallbackDecoder,
): AsyncGenerator<Slab, void, void> {
  const { layout, space, type, filters } = dataset;
  const ownType = memoryType(type);
  const codec = codecOf(filters) ?? '';
  if (decoder.refused.has(codec)) throw unsupported('dataset', `h5wasm has no filter for ${codec}`);
  if (!isPlain(type)) throw unsupported('dataset', 'its filters, and elements that point into a heap');
  if (layout.kind === 'chunked') {
    const plugins = pluginsFor(filters);
    for await (const batch of eachBatch(file, () => openChunks(file, layout, space, filters.length > 0))) {
      for (const chunk of batch) {
        const region = clip(chunk.start, layout.chunkShape, space.shape);
        if (!region) continue;
        const bytes = await readBlock(
          () => decoder.read(path, region, type.sizeBytes, plugins),
          decoder.refused,
          codec,
        );
        yield {
          region,
          bytes,
          type: ownType,
          offset: file.superblock.baseOffset + chunk.address,
          lengthBytes: chunk.storedBytes,
        };
      }
    }
    return;
  }
  await expectOwnSources(file, dataset);
  for (const region of regionsOf(space.shape, type.sizeBytes, MiB)) {
    const bytes = await decoder.read(path, region, type.sizeBytes);
    yield { region, bytes, type: ownType, offset: undefined, lengthBytes: undefined };
  }
}

async function readBlock(read: () => Promise<Buffer>, refused: Set<string>, codec: string): Promise<Buffer> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof TidegateError && error.code === 'ERR_UNSUPPORTED') refused.add(codec);
    throw error;
  }
}

/** Where a source file is not found the library gives fill values, as if they were the data. */
async function expectOwnSources(file: Hdf5File, { layout }: DatasetObject): Promise<void> {
  if (layout.kind !== 'virtual') return;
  const read = file.run(() => readVirtualSources(file, layout));
  const other = (isPromise(read) ? await read : read).find((source) => source.file !== '.');
  if (other) throw unsupported('virtual dataset', `its elements stand in ${other.file}, which is not followed`);
}

/** `true` if elements are the same bytes in memory as in the file. */
function isPlain(type: Datatype): boolean {
  if (type.class === 'vlen' || type.class === 'reference') return false;
  if (type.class === 'compound') return type.members.every((member) => isPlain(member.type));
  return type.class === 'array' || type.class === 'enum' || type.class === 'complex' ? isPlain(type.base) : true;
}
