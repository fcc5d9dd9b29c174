import type { Input } from '../../../bytes/input.ts';
import { TidegateError } from '../../../errors.ts';
import { MiB } from '../../../units.ts';
import { elementCount } from '../dataspace.ts';
import type { DatasetObject } from '../object.ts';
import { countOf, regionsOf } from '../region.ts';
import type { Slab } from '../slabs.ts';
import type { ExternalRoot } from './root.ts';

interface OpenPiece {
  readonly input: Input;
  readonly offset: number;
  /** Of the dataset's bytes: where it begins and ends. */
  readonly start: number;
  readonly end: number;
}

/** The elements of a dataset that stand in other files, in regions of 1 MiB; those files have to be in `root`. */
export async function* externalSlabs(
  dataset: DatasetObject,
  from: Input,
  root: ExternalRoot,
  signal: AbortSignal | undefined,
): AsyncGenerator<Slab, void, void> {
  const { space, type } = dataset;
  const pieces: OpenPiece[] = [];
  try {
    for (const piece of dataset.externalPieces) pieces.push(openPiece(piece, pieces.at(-1)?.end ?? 0, from, root));
    expectBytes(pieces.at(-1)?.end ?? 0, elementCount(space) * type.sizeBytes, from.name);
    let at = 0;
    for (const region of regionsOf(space.shape, type.sizeBytes, MiB)) {
      const bytes = Buffer.allocUnsafe(countOf(region.shape) * type.sizeBytes);
      for (const piece of pieces) await readInto(bytes, at, piece, signal);
      yield { region, bytes, offset: undefined, lengthBytes: undefined };
      at += bytes.length;
    }
  } finally {
    for (const { input } of pieces) await input.close();
  }
}

function openPiece(
  { name, offset, lengthBytes }: DatasetObject['externalPieces'][number],
  start: number,
  from: Input,
  root: ExternalRoot,
): OpenPiece {
  const input = root.open(name, from);
  const available = Math.max(0, (input.sizeBytes ?? 0) - offset);
  return { input, offset, start, end: start + Math.min(lengthBytes, available) };
}

/** Before anything is allocated: a dataset can declare any size. */
function expectBytes(got: number, needed: number, file: string): void {
  if (got >= needed) return;
  const message = `Cannot read all elements: they have ${needed} bytes, the external files ${got}`;
  throw new TidegateError('ERR_TRUNCATED_INPUT', message, { file, neededBytes: needed });
}

/** Fills the part of `bytes`, which begin at `at` of the dataset, that `piece` has. */
async function readInto(bytes: Buffer, at: number, piece: OpenPiece, signal: AbortSignal | undefined): Promise<void> {
  const end = Math.min(at + bytes.length, piece.end);
  for (let next = Math.max(at, piece.start); next < end; ) {
    const offset = piece.offset + next - piece.start;
    const chunk = await piece.input.read(offset, Math.min(MiB, end - next), signal);
    const got = chunk.bytes.copy(bytes, next - at);
    chunk.release();
    if (got === 0) throw new TidegateError('ERR_TRUNCATED_INPUT', `Cannot read ${piece.input.name}`, { offset });
    next += got;
  }
}
